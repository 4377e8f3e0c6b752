import type { operations } from "./schema.d.ts"

export const STUDIO = "/api/apps/product-photo-studio"
export const keyed = (key: string) => ({ "Idempotency-Key": key })
export type Query<Name extends keyof operations> = NonNullable<operations[Name]["parameters"]["query"]>
