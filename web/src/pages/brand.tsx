import { answer } from "lumiku-client"
import { type FormEvent, useRef, useState } from "react"

import { lookOf } from "../brand.ts"
import { api, type Schemas } from "../client.ts"
import { Named } from "../parts/navigation.tsx"
import { Lines } from "../parts/small.tsx"
import { Sure } from "../parts/sure.tsx"
import { Notice, Trouble } from "../parts/trouble.tsx"
import { useApp, useAsk, useDoing } from "../state.tsx"
import { useBrandWords } from "./brand-words.ts"

type Brand = Schemas["BrandBody"]
const NEW: Brand = {
  slug: "",
  name: "",
  accentColor: "#0f6b62",
  headerColor: "#ffffff",
  senderName: null,
  footer: null,
  logoUrl: null,
}

/** The look and the words that an account has for its own customers. */
export function OwnBrand() {
  const said = useBrandWords()
  const own = useAsk("brand", () => answer(api.GET("/api/brand")))
  return (
    <div className="card">
      <h2>{said.title}</h2>
      <p className="fine">
        {said.tells} <a href="#/plans">{said.plans}</a>
      </p>
      <Trouble problem={own.problem} again={own.again} />
      {!own.value && !own.problem && <Lines />}
      {own.value && <Form own={own.value.brand ?? null} onChange={own.again} />}
    </div>
  )
}

function Form({ own, onChange }: { own: Brand | null; onChange: () => void }) {
  const said = useBrandWords()
  const [brand, setBrand] = useState(own ?? NEW)
  const [isSaved, setIsSaved] = useState(false)
  const doing = useDoing()
  const set = (told: Partial<Brand>) => {
    setIsSaved(false)
    setBrand({ ...brand, ...told })
  }
  const save = (event: FormEvent) => {
    event.preventDefault()
    const { logoUrl: _, ...body } = brand
    doing.run(async () => {
      setBrand(await answer(api.PUT("/api/brand", { body })))
      setIsSaved(true)
      if (!own) onChange()
    })
  }
  const forget = () => {
    set(NEW)
    onChange()
  }
  return (
    <>
      <form onSubmit={save}>
        <label className="field">
          <span>{said.slug}</span>
          <input value={brand.slug} required pattern="[a-z0-9\-]{3,40}" onChange={(event) => set({ slug: event.target.value })} />
          <small className="file-name">
            {location.origin}/?brand=… {said.slugTells}
          </small>
        </label>
        <label className="field">
          <span>{said.name}</span>
          <input value={brand.name} required maxLength={60} onChange={(event) => set({ name: event.target.value })} />
        </label>
        <label className="field">
          <span>{said.accent}</span>
          <input type="color" value={brand.accentColor} onChange={(event) => set({ accentColor: event.target.value })} />
        </label>
        <label className="field">
          <span>{said.header}</span>
          <input type="color" value={brand.headerColor} onChange={(event) => set({ headerColor: event.target.value })} />
        </label>
        <label className="field">
          <span>{said.sender}</span>
          <input value={brand.senderName ?? ""} maxLength={60} onChange={(event) => set({ senderName: event.target.value || null })} />
          <small>{said.senderTells}</small>
        </label>
        <label className="field">
          <span>{said.footer}</span>
          <textarea rows={2} maxLength={500} value={brand.footer ?? ""} onChange={(event) => set({ footer: event.target.value || null })} />
        </label>
        <Preview brand={brand} />
        <button className="button quiet" disabled={doing.busy}>
          {said.save}
        </button>
      </form>
      <Trouble problem={doing.problem} />
      {own && isSaved && (
        <Notice tone="good">
          <p>{said.saved}</p>
          <a className="file-name" href={`/?brand=${brand.slug}`}>
            {location.origin}/?brand={brand.slug}
          </a>
        </Notice>
      )}
      {own && <Logo busy={doing.busy} onLogo={(logoUrl) => setBrand({ ...brand, logoUrl })} onGone={forget} />}
    </>
  )
}

/** As the page will look, before it does. */
function Preview({ brand }: { brand: Brand }) {
  const said = useBrandWords()
  return (
    <figure className="as-brand" style={lookOf(brand)} aria-label={said.preview}>
      <div className="top branded">
        <Named brand={brand} />
      </div>
      <span className="button small">{said.button}</span>
    </figure>
  )
}

function Logo({ busy, onLogo, onGone }: { busy: boolean; onLogo: (url: string | null) => void; onGone: () => void }) {
  const { words } = useApp()
  const said = useBrandWords()
  const sure = useRef<HTMLDialogElement>(null)
  const doing = useDoing()
  const send = (files: FileList | null) => {
    const [file] = files ?? []
    if (!file) return
    const body = new FormData()
    body.append("image", file)
    doing.run(async () => {
      // The contract calls a file a text.
      const sent = body as unknown as Schemas["LogoInput"]
      onLogo((await answer(api.PUT("/api/brand/logo", { body: sent, bodySerializer: () => body }))).logoUrl ?? null)
    })
  }
  const remove = () =>
    doing.run(async () => {
      await answer(api.DELETE("/api/brand"))
      onGone()
    })
  return (
    <>
      <label className="field">
        <span>{said.logo}</span>
        <input type="file" accept="image/*" disabled={doing.busy} onChange={(event) => send(event.target.files)} />
        <small>{said.logoTells}</small>
      </label>
      <Trouble problem={doing.problem} />
      <button type="button" className="button quiet small" disabled={busy || doing.busy} onClick={() => sure.current?.showModal()}>
        {said.remove}
      </button>
      <Sure ref={sure} asks={said.sure} yes={said.remove} no={words.cancel} onYes={remove} />
    </>
  )
}
