import { count } from "../../words/numbers.ts"

const n = (value: number) => count(value, "id")

export const id = {
  title: "Carousel",
  tells: "Foto produk berurutan untuk Instagram atau TikTok, dengan nama dan harga di setiap slide.",
  pictures: (least: number, most: number) => `Pilih ${n(least)} sampai ${n(most)} foto`,
  few: "Carousel perlu dua foto yang punya hasil. Buat dulu fotonya.",
  choose: (name: string) => `Pakai ${name}`,
  layout: "Tata letak",
  ratio: "Bentuk",
  colour: "Warna",
  slides: "Urutan slide",
  preview: "Beginilah foto dan kata-katanya. Tata letaknya jadi setelah dipesan.",
  slide: (place: number) => `Slide ${n(place)}`,
  name: "Nama",
  price: "Harga",
  priceExample: "Rp 129.000",
  note: "Keterangan",
  same: "Seperti carousel",
  earlier: "Lebih awal",
  later: "Lebih akhir",
  remove: "Lepas",
  need: (least: number) => `Pilih paling sedikit ${n(least)} foto`,
  most: (most: number) => `Paling banyak ${n(most)} foto`,
  go: (slides: number, price: string) => `Buat ${n(slides)} slide · ${price}`,
  making: (done: number, total: number) => `${n(done)} dari ${n(total)} slide selesai`,
  leave: "Anda boleh menutup halaman ini; carousel tetap di alamat ini selama 7 hari.",
  status: { completed: "Carousel siap", failed: "Tidak ada slide yang jadi; kreditnya sudah kembali", cancelled: "Carousel dibatalkan" } as Record<string, string>,
  refunded: (credits: number) => `${n(credits)} kredit kembali`,
  cut: "Tidak semua kata muat.",
}
