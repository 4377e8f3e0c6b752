import { useApp } from "../state.tsx"
import { day } from "../words/numbers.ts"

const id = {
  title: "Kunci API",
  tells: "Dengan kunci, program bekerja atas nama akun ini. Kirim sebagai header X-API-Key. Klien remove.bg cukup mengganti alamatnya:",
  name: "Untuk apa",
  mode: "Jenis",
  modes: { live: "Asli", test: "Uji: gratis, hasil kecil dan bertanda" },
  modeShort: { live: "asli", test: "uji" },
  scopes: "Yang boleh dilakukan",
  scopeNames: {
    read: "Melihat semuanya",
    remover: "Menghapus latar",
    studio: "Memakai studio",
    webhooks: "Mengubah webhook",
    billing: "Membeli dan berlangganan",
  },
  make: "Buat kunci",
  shown: "Kunci ini hanya ditampilkan sekali. Simpan di tempat aman:",
  before: (until: string) => `Kunci sebelumnya masih berlaku sampai ${day(until, "id")}.`,
  copy: "Salin",
  copied: "Tersalin",
  rotate: "Ganti",
  rotateName: (name: string) => `Ganti kunci ${name}`,
  revoke: "Cabut",
  revokeName: (name: string) => `Cabut kunci ${name}`,
  sure: (name: string) => `Cabut kunci ${name}? Program yang memakainya berhenti bekerja paling lambat 60 detik lagi.`,
  revoked: "dicabut",
  never: "belum dipakai",
  used: (at: string) => `dipakai ${day(at, "id")}`,
}

const en: typeof id = {
  title: "API keys",
  tells: "By a key, a program acts for this account. Send it as the header X-API-Key. Clients of remove.bg only change the address:",
  name: "What it is for",
  mode: "Kind",
  modes: { live: "Live", test: "Test: free, results are small and marked" },
  modeShort: { live: "live", test: "test" },
  scopes: "What it may do",
  scopeNames: {
    read: "Look at everything",
    remover: "Remove backgrounds",
    studio: "Use the studio",
    webhooks: "Change webhooks",
    billing: "Buy and subscribe",
  },
  make: "Make a key",
  shown: "This key is shown only once. Keep it safe:",
  before: (until) => `The key before works too until ${day(until, "en")}.`,
  copy: "Copy",
  copied: "Copied",
  rotate: "Replace",
  rotateName: (name) => `Replace the key ${name}`,
  revoke: "Revoke",
  revokeName: (name) => `Revoke the key ${name}`,
  sure: (name) => `Revoke the key ${name}? Programs that use it stop working in 60 seconds at the latest.`,
  revoked: "revoked",
  never: "never used",
  used: (at) => `used ${day(at, "en")}`,
}

const WORDS = { id, en }

/** The words about keys; whoever never opens the account does not load them. */
export const useKeyWords = (): typeof id => WORDS[useApp().language]
