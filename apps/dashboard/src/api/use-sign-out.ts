import { useMutation } from "@tanstack/react-query";
import { paths } from "../paths.ts";
import { signOut } from "./account.ts";

/** Ends the session. The page is loaded again, so that nothing of what was read stays in this tab, of whichever account. */
export function useSignOut() {
  return useMutation({ mutationFn: signOut, onSuccess: () => window.location.assign(paths.signIn()) });
}
