import { count } from "../../words/numbers.ts"
import type { id } from "./carousels-id.ts"

const n = (value: number) => count(value, "en")
const s = (value: number, one: string, many = `${one}s`) => `${n(value)} ${value === 1 ? one : many}`

export const en: typeof id = {
  title: "Carousel",
  tells: "Product photos in a row for Instagram or TikTok, with name and price on each slide.",
  pictures: (least, most) => `Choose ${n(least)} to ${s(most, "photo")}`,
  few: "A carousel needs two photos that have a result. Make them first.",
  choose: (name) => `Use ${name}`,
  layout: "Layout",
  ratio: "Shape",
  colour: "Colour",
  slides: "Order of the slides",
  preview: "These are the pictures and the words. How they are laid out is seen once it is ordered.",
  slide: (place) => `Slide ${n(place)}`,
  name: "Name",
  price: "Price",
  priceExample: "Rp 129.000",
  note: "Note",
  same: "As the carousel",
  earlier: "Earlier",
  later: "Later",
  remove: "Leave out",
  need: (least) => `Choose at least ${s(least, "photo")}`,
  most: (most) => `At most ${s(most, "photo")}`,
  go: (slides, price) => `Make ${s(slides, "slide")} · ${price}`,
  making: (done, total) => `${n(done)} of ${s(total, "slide")} done`,
  leave: "You may close this page; the carousel stays at this address for 7 days.",
  status: { completed: "The carousel is ready", failed: "No slide could be made; the credits were given back", cancelled: "The carousel was cancelled" },
  refunded: (credits) => `${s(credits, "credit")} given back`,
  cut: "Not all words fitted.",
}
