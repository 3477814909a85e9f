import { errorText } from "./ErrorState.tsx";
import { Notice } from "./Notice.tsx";

/** Why what was just asked for was refused; nothing while it was not. */
export function ErrorNotice({ error }: { error: unknown }) {
  if (!error) return null;
  return (
    <Notice tone="bad" live>
      {errorText(error)}
    </Notice>
  );
}
