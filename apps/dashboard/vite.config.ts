import react from "@vitejs/plugin-react";
import { defineConfig, loadEnv } from "vite";
import { compressAssets } from "./compress-assets.ts";

// `PORT` is the API's, as everywhere. Only `npm run dev` proxies to it; in production the API serves the built files.
export default defineConfig(({ mode }) => {
  const { PORT = "3000" } = loadEnv(mode, import.meta.dirname, "PORT");
  const proxy = { "/api": `http://127.0.0.1:${PORT}` };
  return {
    plugins: [react(), compressAssets()],
    root: import.meta.dirname,
    build: { target: "es2022", assetsInlineLimit: 0 },
    server: { proxy },
    preview: { proxy },
  };
});
