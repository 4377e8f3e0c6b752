import { count } from "../../words/numbers.ts"

const n = (value: number) => count(value, "id")

export const id = {
  title: "Impor dari penghapus latar",
  link: "Impor hasil hapus latar",
  tells: "Foto yang latarnya sudah dihapus menjadi foto proyek, paling lama 7 hari setelah dipesan.",
  one: "Foto satuan",
  batches: "Banyak foto",
  empty: "Belum ada foto satuan yang latarnya dihapus.",
  emptyBatches: "Belum ada batch yang selesai.",
  batch: (photos: number) => `${n(photos)} foto sekaligus`,
  need: "Pilih foto yang akan diimpor",
  most: (photos: number) => `Paling banyak ${n(photos)} foto sekaligus`,
  go: (photos: number, price: string) => `Impor ${n(photos)} foto · ${price}`,
  before: (photos: number) => `${n(photos)} foto sudah ada di proyek ini`,
  importing: (photos: number) => `${n(photos)} foto sedang diimpor. Anda boleh menutup halaman ini.`,
  refused: (photos: number) => `${n(photos)} foto tidak dapat diimpor dan tidak dipungut`,
}
