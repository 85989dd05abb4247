// Builds styles, islands, fonts and icons into src/stadtwabe/kit/static/built/ with hashed names.
// manifest.json there maps the names templates use ({% asset "main.css" %}) to the hashed files.
// Every text file also gets .gz and .br beside it, which WhiteNoise serves without work at run time.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";

const frontend = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(frontend);
const target = path.join(root, "src/stadtwabe/kit/static/built");
const work = `${target}.new`;
const watching = process.argv.includes("--watch");

/** Compiles SCSS with KERN's own sources on the path, so that only the components in use are taken. */
const scss = {
  name: "scss",
  setup(build) {
    build.onLoad({ filter: /\.scss$/ }, (args) => {
      const { css, loadedUrls } = sass.compile(args.path, {
        loadPaths: [path.join(root, "node_modules")],
        quietDeps: true,
      });
      const watchFiles = loadedUrls.map((url) => fileURLToPath(url));
      return { contents: css, loader: "css", resolveDir: path.dirname(args.path), watchFiles };
    });
  },
};

/** One SVG sprite out of frontend/icons/*.svg: <use href="icons-….svg#search">. */
async function sprite() {
  const folder = path.join(frontend, "icons");
  const symbols = [];
  for (const file of (await readdir(folder)).filter((name) => name.endsWith(".svg")).sort()) {
    const text = await readFile(path.join(folder, file), "utf8");
    const viewBox = /viewBox="([^"]+)"/.exec(text)?.[1];
    const body = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(text)?.[1]?.trim();
    if (!viewBox || !body) throw new Error(`frontend/icons/${file}: an <svg viewBox> with content is needed`);
    symbols.push(`<symbol id="${file.slice(0, -4)}" viewBox="${viewBox}">${body}</symbol>`);
  }
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

/** Boundaries of places: states.geojson, districts.geojson, municipalities-05958.geojson for each district. */
async function boundaries() {
  const folder = path.join(root, "src/stadtwabe/places/data/boundaries");
  const files = existsSync(folder) ? await readdir(folder, { recursive: true }) : [];
  return files
    .filter((file) => file.endsWith(".geojson"))
    .sort()
    .map((file) => [file.split(path.sep).join("-"), path.join(folder, file)]);
}

function hashedName(name, contents) {
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 8).toUpperCase();
  const { name: stem, ext } = path.parse(name);
  return `${stem}-${hash}${ext}`;
}

async function build() {
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  const manifest = {};
  const common = {
    bundle: true,
    minify: true,
    legalComments: "linked",
    format: "esm",
    target: ["es2022", "chrome111", "firefox113", "safari16.4"],
    outdir: work,
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    metafile: true,
    logLevel: "warning",
    loader: { ".woff2": "file" },
    plugins: [scss],
  };
  const take = (result) => {
    for (const [output, { entryPoint, inputs }] of Object.entries(result.metafile.outputs)) {
      if (output.endsWith(".woff2")) manifest[path.basename(Object.keys(inputs)[0])] = path.basename(output);
      if (!entryPoint) continue;
      const name = path.basename(entryPoint).replace(/\.ts$/, ".js").replace(/\.mjs$/, ".js").replace(/\.scss$/, ".css");
      manifest[name] = path.basename(output);
    }
  };
  // The map's worker and style first: the map island knows their hashed names.
  take(await esbuild.build({ ...common, entryPoints: ["maplibre-gl/dist/maplibre-gl-worker.mjs", "maplibre-gl/dist/maplibre-gl.css"] }));
  take(
    await esbuild.build({
      ...common,
      entryPoints: [path.join(frontend, "styles/main.scss"), path.join(frontend, "main.ts")],
      splitting: true,
      define: {
        MAP_WORKER: JSON.stringify(manifest["maplibre-gl-worker.js"]),
        MAP_STYLES: JSON.stringify(manifest["maplibre-gl.css"]),
      },
    }),
  );
  const pictures = { "icons.svg": await sprite(), "favicon.svg": await readFile(path.join(frontend, "favicon.svg"), "utf8") };
  for (const [name, contents] of Object.entries(pictures)) {
    manifest[name] = hashedName(name, contents);
    await writeFile(path.join(work, manifest[name]), contents);
  }
  for (const [name, file] of await boundaries()) {
    const contents = await readFile(file);
    manifest[name] = hashedName(name, contents);
    await writeFile(path.join(work, manifest[name]), contents);
    await writeFile(path.join(work, `${manifest[name]}.gz`), gzipSync(contents, { level: 9 }));
  }
  await writeFile(path.join(work, "manifest.json"), `${JSON.stringify(manifest, Object.keys(manifest).sort(), 2)}\n`);

  const sizes = [];
  for (const file of await readdir(work)) {
    if (!/\.(css|js|svg|json|txt)$/.test(file)) continue;
    const contents = await readFile(path.join(work, file));
    const gz = gzipSync(contents, { level: 9 });
    await writeFile(path.join(work, `${file}.gz`), gz);
    const br = brotliCompressSync(contents, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
    await writeFile(path.join(work, `${file}.br`), br);
    sizes.push([file, contents.length, gz.length, br.length]);
  }
  // Swapped in at the end: a server that is running never sees half a build.
  await rm(target, { recursive: true, force: true });
  await rename(work, target);
  return sizes;
}

const sizes = await build();
for (const [file, raw, gz, br] of sizes) {
  console.error(`${file.padEnd(40)} ${String(raw).padStart(8)} raw ${String(gz).padStart(8)} gz ${String(br).padStart(8)} br`);
}

if (watching) {
  const { watch } = await import("node:fs");
  let timer;
  watch(frontend, { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => build().then(() => console.error("built"), (error) => console.error(error.message)), 100);
  });
}
