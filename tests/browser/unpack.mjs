// node unpack.mjs FOLDER: Chromium with its libraries and fonts, from the npm package.
import { execFileSync } from "node:child_process"
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { brotliDecompressSync } from "node:zlib"

const [folder] = process.argv.slice(2)
const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium")
const packed = join(entry.slice(0, entry.lastIndexOf("chromium/") + "chromium/".length), "bin")

const unpacked = (name) => brotliDecompressSync(readFileSync(join(packed, `${name}.br`)))
mkdirSync(folder, { recursive: true })
for (const name of ["al2023.tar", "swiftshader.tar", "fonts.tar"]) {
  execFileSync("tar", ["-x", "-C", folder], { input: unpacked(name), maxBuffer: 1 })
}
// Its own one names folders of Lambda; with it no text is drawn, and nothing says so.
const fonts = `<?xml version="1.0"?><fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>\n`
writeFileSync(join(folder, "fonts.conf"), fonts)
writeFileSync(join(folder, "chromium"), unpacked("chromium"))
chmodSync(join(folder, "chromium"), 0o755)
