import type { CertificateView } from "../../api/contract.ts";
import { Steps } from "../../ui/Steps.tsx";

type State = CertificateView["state"];

const STAGES: readonly { state: State; title: string; detail: string }[] = [
  {
    state: "preflight",
    title: "The way in is checked",
    detail: "We look at CAA records, and whether the CA can reach us at this name.",
  },
  { state: "ordering", title: "The CA is asked", detail: "The order is on its way." },
  {
    state: "validating",
    title: "The CA checks the name",
    detail: "It fetches our proof from this name over HTTP.",
  },
  {
    state: "finalizing",
    title: "The CA signs",
    detail: "The name is proven; the certificate is being made.",
  },
];

/** How far the first certificate of a policy host has come; nothing once there is one, or while it is failing. */
export function CertificateProgress({ certificate }: { certificate: CertificateView }) {
  const current = STAGES.findIndex(({ state }) => state === certificate.state);
  const isOnItsWay = current >= 0 || certificate.state === "waiting";
  if (certificate.current || !isOnItsWay) return null;
  return (
    <Steps
      label="Progress of the certificate"
      steps={STAGES.map(({ state, title, detail }, place) => ({
        key: state,
        title,
        ...(place === current && { detail }),
        ...(place < current
          ? ({ tone: "good", word: "done" } as const)
          : place === current
            ? ({ tone: "working", word: "in progress" } as const)
            : ({ tone: "idle", word: "waiting" } as const)),
      }))}
    />
  );
}
