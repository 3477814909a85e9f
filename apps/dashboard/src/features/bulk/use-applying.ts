import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { PolicyChangeView } from "../../api/contract.ts";
import { applyChange, policyChangeQuery, revertChange, stopChange } from "../../api/policy-changes.ts";
import { paths } from "../../paths.ts";

/** Applying a change step by step, pausing, stopping and taking it back. */
export function useApplying(changeId: string) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const abort = useRef<AbortController>(null);
  const show = (change: PolicyChangeView) =>
    queryClient.setQueryData(policyChangeQuery(change.id).queryKey, change);
  const refresh = () =>
    Promise.all(
      ["policy-changes", "domains", "customers"].map((key) =>
        queryClient.invalidateQueries({ queryKey: [key] }),
      ),
    );
  const apply = useMutation({
    mutationFn: async (_, scope) => {
      abort.current = new AbortController();
      await applyChange(changeId, { onStep: show, signal: abort.current.signal }, scope);
    },
    onSettled: refresh,
  });
  const stop = useMutation({
    mutationFn: (_, scope) => stopChange(changeId, scope),
    onSuccess: show,
    onSettled: refresh,
  });
  const revert = useMutation({
    mutationFn: async (_, scope) => {
      const made = await revertChange(changeId, scope);
      const { signal } = new AbortController();
      // One click: the way back needs no review. It is finished also when the page is left.
      if (made.waiting > 0) await applyChange(made.id, { onStep: show, signal }, scope);
      return made;
    },
    onSuccess: (made) => navigate({ to: paths.policyChange({ changeId: made.id }) }),
    onSettled: refresh,
  });
  // After leaving the page, a person must not find more applied later.
  useEffect(() => () => abort.current?.abort(), []);
  return { apply, stop, revert, pause: () => abort.current?.abort() };
}
