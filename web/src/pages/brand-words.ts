import { useApp } from "../state.tsx"

const id = {
  title: "Merek sendiri",
  tells: "Pelanggan Anda melihat logo, nama, dan warna Anda, bukan milik kami. Untuk paket Premium studio.",
  plans: "Lihat paket",
  slug: "Alamat",
  slugTells: "3 sampai 40 karakter: a-z, 0-9, dan -",
  name: "Nama",
  accent: "Warna tombol dan tautan",
  header: "Warna bilah atas",
  sender: "Nama pengirim email",
  senderTells: "Alamatnya tetap alamat kami",
  footer: "Penutup email",
  preview: "Pratinjau",
  button: "Hapus latar",
  save: "Simpan merek",
  saved: "Merek disimpan. Bagikan alamat ini:",
  logo: "Logo",
  logoTells: "Gambar seperti JPEG, PNG, atau WebP (bukan SVG), paling besar 1 MB",
  remove: "Hapus merek",
  sure: "Hapus merek ini? Halaman dan email kembali seperti milik kami, dan alamatnya dapat dipakai orang lain.",
}

const en: typeof id = {
  title: "Your own brand",
  tells: "Your customers see your logo, name and colours in place of ours. It takes the studio's plan Premium.",
  plans: "See the plans",
  slug: "Address",
  slugTells: "3 to 40 of a-z, 0-9 and -",
  name: "Name",
  accent: "Colour of buttons and links",
  header: "Colour of the bar at the top",
  sender: "Sender's name of mails",
  senderTells: "The address stays ours",
  footer: "Mails end with",
  preview: "Preview",
  button: "Remove background",
  save: "Save the brand",
  saved: "The brand is saved. Share this address:",
  logo: "Logo",
  logoTells: "A picture such as JPEG, PNG or WebP (no SVG), at most 1 MB",
  remove: "Remove the brand",
  sure: "Remove this brand? The page and mails look as ours do again, and others may take its address.",
}

const WORDS = { id, en }

/** The words about brands; whoever never opens the account does not load them. */
export const useBrandWords = (): typeof id => WORDS[useApp().language]
