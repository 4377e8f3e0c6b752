import type { Scope } from "lumiku-client"

import { useApp } from "../state.tsx"
import { count } from "../words/numbers.ts"

const id = {
  title: "Aplikasi yang terhubung",
  tells: "Aplikasi lain dapat memesan dengan kredit akun ini, sebatas yang Anda izinkan. Izin dapat dicabut kapan saja.",
  ownersOnly: "Hanya pemilik akun sendiri yang dapat mengubahnya.",
  none: "Belum ada aplikasi lain di sini.",
  unconnected: "Belum terhubung",
  short: { remove: "menghapus latar", pictures: "melihat gambar", results: "menambah gambar" } as Record<Scope, string>,
  may: (scopes: Scope[], spent: number, cap: number): string =>
    `Boleh ${scopes.map((one) => id.short[one]).join(", ")}. ${count(spent, "id")} dari ${count(cap, "id")} kredit bulan ini.`,
  connect: "Hubungkan",
  change: "Ubah",
  disconnect: "Putuskan",
  sure: (app: string) => `Putuskan ${app}? Aplikasi ini langsung tidak dapat memesan atau melihat apa pun lagi.`,
  scopes: "Yang boleh dilakukan",
  scope: {
    remove: "Memesan penghapusan latar",
    pictures: "Melihat gambar proyek, dan menerima yang Anda kirim",
    results: "Menambah gambar ke proyek",
  } as Record<Scope, string>,
  cap: "Kredit paling banyak sebulan",
  capTells: "Jika habis, pesanan aplikasi ini ditolak sampai bulan berikutnya.",
  nothing: "Pilih sedikitnya satu hal yang boleh dilakukan.",
  allow: (app: string) => `Izinkan ${app}`,
  save: "Simpan",
  sendTo: "Kirim ke aplikasi",
  sent: (app: string) => `${app} menerima gambarnya.`,
  goOn: (app: string) => `Lanjutkan di ${app}`,
}

const en: typeof id = {
  title: "Connected apps",
  tells: "Other apps can order with this account's credits, as far as you allow. What is allowed can be taken back at any time.",
  ownersOnly: "Only the owner of the account can change this, in their own account.",
  none: "There are no other apps here yet.",
  unconnected: "Not connected",
  short: { remove: "remove backgrounds", pictures: "see pictures", results: "add pictures" },
  may: (scopes, spent, cap) => `May ${scopes.map((one) => en.short[one]).join(", ")}. ${count(spent, "en")} of ${count(cap, "en")} credits this month.`,
  connect: "Connect",
  change: "Change",
  disconnect: "Disconnect",
  sure: (app) => `Disconnect ${app}? It can order and see nothing any more, at once.`,
  scopes: "What it may do",
  scope: {
    remove: "Order background removals",
    pictures: "See pictures of projects, and be sent some",
    results: "Add pictures to projects",
  },
  cap: "Credits a month at most",
  capTells: "When they are spent, the app's orders are refused until the next month.",
  nothing: "Choose at least one thing that it may do.",
  allow: (app) => `Allow ${app}`,
  save: "Save",
  sendTo: "Send to an app",
  sent: (app) => `${app} has the picture.`,
  goOn: (app) => `Go on in ${app}`,
}

/** What is said of other apps, in the language of the page. */
export function useConnectionWords(): typeof id {
  return useApp().language === "id" ? id : en
}
