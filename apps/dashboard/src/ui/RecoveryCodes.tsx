import { useClipboard } from "@mantine/hooks";
import { Button, buttonClass } from "./Button.tsx";
import { CodeBlock } from "./CodeBlock.tsx";
import { Row, Stack } from "./Layout.tsx";

type Props = { codes: readonly string[] /** Whose they are, on paper. */; title: string };

/** Codes that are shown once, with ways to keep them. */
export function RecoveryCodes({ codes, title }: Props) {
  const clipboard = useClipboard({ timeout: 1_600 });
  const text = codes.join("\n");
  const file = `data:text/plain;charset=utf-8,${encodeURIComponent(`${title}\n\n${text}\n`)}`;
  return (
    <Stack gap={2}>
      <CodeBlock label="Recovery codes" text={text} />
      <Row>
        <Button small icon={clipboard.copied ? "check" : "copy"} onClick={() => clipboard.copy(text)}>
          {clipboard.copied ? "Copied" : "Copy the codes"}
        </Button>
        <a className={buttonClass("secondary", true)} href={file} download="waxseal-recovery-codes.txt">
          Download the codes
        </a>
        <Button small onClick={() => printText(title, text)}>
          Print the codes
        </Button>
      </Row>
    </Stack>
  );
}

/** Prints the codes alone, in a frame of their own, without the page around them. */
function printText(title: string, text: string): void {
  const frame = document.createElement("iframe");
  frame.hidden = true;
  document.body.append(frame);
  const page = frame.contentDocument;
  if (!page || !frame.contentWindow) return;
  const [heading, codes] = [page.createElement("h1"), page.createElement("pre")];
  heading.textContent = title;
  codes.textContent = text;
  page.body.append(heading, codes);
  frame.contentWindow.addEventListener("afterprint", () => frame.remove());
  frame.contentWindow.print();
}
