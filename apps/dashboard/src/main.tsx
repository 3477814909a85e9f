import "@mantine/core/styles/baseline.css";
import "@mantine/core/styles/default-css-variables.css";
import "@mantine/core/styles/global.css";
import "@mantine/core/styles/UnstyledButton.css";
import "@mantine/core/styles/CloseButton.css";
import "@mantine/core/styles/ActionIcon.css";
import "@mantine/core/styles/Paper.css";
import "@mantine/core/styles/Overlay.css";
import "@mantine/core/styles/ModalBase.css";
import "@mantine/core/styles/Modal.css";
import "@mantine/core/styles/Input.css";
import "@mantine/core/styles/PasswordInput.css";
import "./ui/tokens.css";
import "./ui/base.css";

import { createTheme, localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createQueryClients } from "./api/create-query-clients.ts";
import { paths } from "./paths.ts";
import { createAppRouter } from "./routes/create-app-router.ts";

const theme = createTheme({
  fontFamily: "var(--font-text)",
  fontFamilyMonospace: "var(--font-code)",
  defaultRadius: "sm",
  respectReducedMotion: true,
  cursorType: "pointer",
});
const colorSchemeManager = localStorageColorSchemeManager({ key: "waxseal-color-scheme" });

const clients = createQueryClients({
  onSignedOut: () => void router.invalidate(),
  onNoAccount: (from) => void router.navigate({ to: paths.noAccount(), search: from ? { from } : {} }),
});
const router = createAppRouter(clients);

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={colorSchemeManager}>
      <QueryClientProvider client={clients.front}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);

// Without it a page that cannot be loaded is the browser's own error page. Browsers refuse it on plain HTTP, except on localhost.
if ("serviceWorker" in navigator) {
  window.addEventListener("load", () => {
    navigator.serviceWorker.register("/service-worker.js").catch(() => undefined);
  });
}
