import { type StudioPrice, studioPrice } from "lumiku-client"

import { api } from "../client.ts"
import { type Asked, useAsk } from "../state.tsx"

/** The caller's plan; that is told with every price. */
export const usePlan = (): Asked<StudioPrice["plan"]> => useAsk("plan", async (signal) => (await studioPrice(api, { uploads: 1 }, signal)).plan)
