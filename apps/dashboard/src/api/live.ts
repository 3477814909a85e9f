import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { accountUrl, findAccountId } from "./in-account.ts";

const open = new Set<string>();

/** Whether the live feed currently reports changes below this path, so that polling is not needed. */
export function isLive(path: string): boolean {
  return open.has(path);
}

/**
 * While the page is visible, reads queries again as soon as the API says that their object changed. `path` has
 * server-sent events at `…/live`. Where they do not come, polling stays as it is.
 */
export function useLive(path: string, queryKey: QueryKey): void {
  const queryClient = useQueryClient();
  const key = JSON.stringify(queryKey);
  useEffect(() => {
    let source: EventSource | undefined;
    const readAgain = () => void queryClient.invalidateQueries({ queryKey: JSON.parse(key) });
    const close = () => {
      source?.close();
      source = undefined;
      open.delete(path);
    };
    // A hidden page keeps no connection: browsers allow six to a site over HTTP/1.1, all tabs together.
    const follow = () => {
      if (document.hidden) return close();
      if (source) return;
      const scope = { client: queryClient };
      const url = `${path}/live`;
      source = new EventSource(findAccountId(scope) ? accountUrl(scope, url) : `/api/v1${url}`);
      source.addEventListener("changed", () => {
        open.add(path);
        readAgain();
      });
      source.addEventListener("error", () => {
        // Polling goes on from the next answer; the browser itself tries again unless it was refused.
        if (open.delete(path)) readAgain();
      });
    };
    follow();
    document.addEventListener("visibilitychange", follow);
    return () => {
      document.removeEventListener("visibilitychange", follow);
      close();
    };
  }, [path, key, queryClient]);
}
