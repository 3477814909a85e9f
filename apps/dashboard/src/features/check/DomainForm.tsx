import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { TextField } from "../../ui/Field.tsx";
import { FrontForm } from "../../ui/FrontPage.tsx";

/** Where a person types the domain to check; its answer has an address of its own. */
export function DomainForm({ domain, isFocused }: { domain: string; isFocused: boolean }) {
  const [typed, setTyped] = useState(domain);
  const [wasEmpty, setWasEmpty] = useState(false);
  const navigate = useNavigate();
  const send = () => {
    const text = typed.trim();
    setWasEmpty(text === "");
    if (text !== "") void navigate({ to: paths.checked({ domain: text }) });
  };
  return (
    <FrontForm label="Check a domain" onSend={send}>
      <TextField
        label="Domain"
        name="domain"
        placeholder="example.com"
        hint="You can also paste an email address or URL."
        autoFocus={isFocused}
        value={typed}
        error={wasEmpty ? "Enter a domain." : undefined}
        onChange={setTyped}
      />
      <div>
        <Button type="submit" look={domain ? "secondary" : "primary"}>
          Check
        </Button>
      </div>
    </FrontForm>
  );
}
