import { lazy, Suspense, useEffect, useRef, useSyncExternalStore } from "react"

import { isForgetful, watchStorage } from "./client.ts"
import { Boundary } from "./parts/boundary.tsx"
import { Header, PhoneBar } from "./parts/navigation.tsx"
import { Lines } from "./parts/small.tsx"
import { Notice } from "./parts/trouble.tsx"
import { Auth } from "./pages/auth.tsx"
import { Remove } from "./pages/remove.tsx"
import { useRoute } from "./routes.ts"
import { useApp } from "./state.tsx"

const Batch = lazy(() => import("./pages/batch.tsx"))
const History = lazy(() => import("./pages/history.tsx"))
const Pricing = lazy(() => import("./pages/pricing.tsx"))
const Plan = lazy(() => import("./pages/plan.tsx"))
const Stats = lazy(() => import("./pages/stats.tsx"))
const Projects = lazy(() => import("./studio/projects.tsx"))
const Project = lazy(() => import("./studio/project.tsx"))
const Item = lazy(() => import("./studio/item.tsx"))
const Together = lazy(() => import("./studio/together.tsx"))
const Made = lazy(() => import("./studio/made.tsx"))
const ExportPage = lazy(() => import("./studio/export.tsx"))
const Exported = lazy(() => import("./studio/exported.tsx"))
const Import = lazy(() => import("./studio/import.tsx"))
const Carousel = lazy(() => import("./studio/carousel.tsx"))
const Slides = lazy(() => import("./studio/slides.tsx"))
const Templates = lazy(() => import("./studio/templates.tsx"))
const StudioPlans = lazy(() => import("./studio/plans.tsx"))
const Admin = lazy(() => import("./admin/admin.tsx"))
const Payment = lazy(() => import("./pages/payment.tsx"))
const Join = lazy(() => import("./pages/join.tsx"))
const Account = lazy(() => import("./pages/account.tsx"))

export function App() {
  const route = useRoute()
  const { words, loggedIn } = useApp()
  const forgets = useSyncExternalStore(watchStorage, isForgetful)
  const main = useRef<HTMLElement>(null)
  const [page = ""] = route
  const isFirst = useRef(true)
  useEffect(() => {
    if (isFirst.current) isFirst.current = false
    else {
      window.scrollTo(0, 0)
      main.current?.focus({ preventScroll: true })
    }
  }, [page])
  return (
    <>
      <a className="skip" href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        {words.skip}
      </a>
      <Header page={page} />
      <main id="main" ref={main} tabIndex={-1}>
        {forgets && loggedIn && <Notice tone="still">{words.problems.forgets}</Notice>}
        <Boundary key={page}>
          <Suspense fallback={<Lines />}>
            <Page route={route} />
          </Suspense>
        </Boundary>
      </main>
      <PhoneBar page={page} />
    </>
  )
}

const AUTH = ["login", "register", "confirm", "forgot", "reset"] as const
const PRIVATE = ["history", "plan", "payment", "stats", "account", "join", "studio", "item", "templates", "plans", "export", "exported", "import", "carousel", "slides", "together", "made", "admin"]

function Page({ route: [page = "", about] }: { route: string[] }) {
  const { loggedIn, words } = useApp()
  const wasIn = useRef(false)
  useEffect(() => {
    wasIn.current ||= loggedIn
  }, [loggedIn])
  const auth = AUTH.find((name) => name === page)
  if (auth) return <Auth key={auth} which={auth} />
  if (!loggedIn && (PRIVATE.includes(page) || (page === "batch" && about))) return <Auth which="login" isOver={wasIn.current} />
  switch (page) {
    case "":
      return <Remove />
    case "batch":
      return <Batch key={about ?? ""} batchId={about ?? null} />
    case "history":
      return <History batches={about === "batches"} />
    case "pricing":
      return <Pricing />
    case "plan":
      return <Plan />
    case "payment":
      return <Payment key={about} paymentId={about ?? ""} />
    case "stats":
      return <Stats />
    case "studio":
      return about ? <Project key={about} projectId={about} /> : <Projects />
    case "item":
      return <Item key={about} itemId={about ?? ""} />
    case "together":
      return <Together key={about} projectId={about ?? ""} />
    case "made":
      return <Made key={about} batchId={about ?? ""} />
    case "export":
      return <ExportPage key={about} projectId={about ?? ""} />
    case "exported":
      return <Exported key={about} exportId={about ?? ""} />
    case "import":
      return <Import key={about} projectId={about ?? ""} />
    case "carousel":
      return <Carousel key={about} projectId={about ?? ""} />
    case "slides":
      return <Slides key={about} carouselId={about ?? ""} />
    case "templates":
      return <Templates />
    case "plans":
      return <StudioPlans />
    case "admin":
      return <Admin about={about ?? ""} />
    case "join":
      return <Join key={about} token={about ?? ""} />
    case "account":
      return <Account about={about ?? ""} />
    default:
      return (
        <section className="narrow">
          <h1>{words.notFound.title}</h1>
          <a className="button" href="#/">
            {words.notFound.go}
          </a>
        </section>
      )
  }
}
