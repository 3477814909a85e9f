import { useMutation } from "@tanstack/react-query";
import { paths } from "../paths.ts";
import { signOut } from "./account.ts";

/**
 * Ends the session. The page is loaded again, so that nothing of what was read stays in this tab, of whichever account; the next sign-in
 * leads to `next`.
 */
export function useSignOut(next?: string) {
  const query = next === undefined ? "" : `?next=${encodeURIComponent(next)}`;
  return useMutation({
    mutationFn: signOut,
    onSuccess: () => window.location.assign(`${paths.signIn()}${query}`),
  });
}
