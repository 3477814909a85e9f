import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { type ApiKeyScope, coversScope, mayDo } from "@waxseal/contract/permissions";
import { useState } from "react";
import { personQuery } from "../../api/account.ts";
import { ApiError } from "../../api/client.ts";
import type { DeviceLoginView, PersonView } from "../../api/contract.ts";
import { allowDeviceLogin, denyDeviceLogin, deviceLoginQuery } from "../../api/device-logins.ts";
import { KEY_SCOPE_OPTIONS, readKeyScope } from "../../format/key-scopes.ts";
import { paths } from "../../paths.ts";
import { Button, buttonClass } from "../../ui/Button.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { SelectField, TextField } from "../../ui/Field.tsx";
import { Form } from "../../ui/Form.tsx";
import { FrontPage } from "../../ui/FrontPage.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Row, Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";

/** Where a person allows a program in a terminal to work in an account. RFC 8628 §3.3 */
export function DevicePage() {
  const { code = "" } = useSearch({ strict: false });
  const { data: person, isPending } = useQuery(personQuery);
  return (
    <FrontPage title="Sign in to the command line" other={<Link to={paths.home()}>Go to your domains</Link>}>
      {isPending && <Skeleton height={96} />}
      {person === null && <SignInFirst code={code} />}
      {person && (code === "" ? <EnterCode /> : <Decide key={code} code={code} person={person} />)}
    </FrontPage>
  );
}

function SignInFirst({ code }: { code: string }) {
  const next = code === "" ? paths.device() : `${paths.device()}?code=${encodeURIComponent(code)}`;
  return (
    <Stack>
      <p>Sign in to see what your terminal asks for.</p>
      <Row>
        <Link to={paths.signIn()} search={{ next }} className={buttonClass("primary")}>
          Sign in
        </Link>
      </Row>
    </Stack>
  );
}

function EnterCode() {
  const [typed, setTyped] = useState("");
  const [error, setError] = useState<string>();
  const navigate = useNavigate();
  const send = () => {
    if (typed.replaceAll(/[^a-z]/gi, "").length === 8)
      void navigate({ to: paths.device(), search: { code: typed.trim() } });
    else setError("The code has eight letters, such as BCDF-GHJK.");
  };
  return (
    <Form onSend={send} label="Code">
      <Stack>
        <TextField
          label="Code in your terminal"
          value={typed}
          error={error}
          onChange={setTyped}
          autoComplete="off"
        />
        <Row>
          <Button look="primary" type="submit">
            Continue
          </Button>
        </Row>
      </Stack>
    </Form>
  );
}

function Decide({ code, person }: { code: string; person: PersonView }) {
  const { data: login, isPending, error } = useQuery(deviceLoginQuery(code));
  const isGone = error instanceof ApiError && (error.status === 404 || error.status === 409);
  if (isPending) return <Skeleton height={160} />;
  if (isGone)
    return (
      <Stack>
        <Notice tone="notice" title="This code cannot be used">
          {error.message}
        </Notice>
        <Link to={paths.device()}>Enter another code</Link>
      </Stack>
    );
  if (!login) return <ErrorNotice error={error} />;
  if (person.accounts.length === 0)
    return (
      <Notice tone="notice" title="You cannot allow this">
        You belong to no account. Ask an owner or admin of one to invite you.
      </Notice>
    );
  return <Answer login={login} accounts={person.accounts} />;
}

function Answer({ login, accounts }: { login: DeviceLoginView; accounts: PersonView["accounts"] }) {
  const [account, setAccount] = useState(accounts[0]?.id ?? "");
  const [wanted, setScope] = useState<ApiKeyScope>(login.scope);
  const role = accounts.find(({ id }) => id === account)?.role ?? "viewer";
  const scopes = KEY_SCOPE_OPTIONS.filter(({ value }) => coversScope(role, value));
  const scope = coversScope(role, wanted) ? wanted : "read";
  const allow = useMutation({ mutationFn: () => allowDeviceLogin(login.userCode, { account, scope }) });
  const deny = useMutation({ mutationFn: () => denyDeviceLogin(login.userCode) });
  if (allow.isSuccess)
    return (
      <Notice tone="good" live title="Allowed">
        Go back to your terminal. The key is under API keys in the settings, where{" "}
        {mayDo(role, "apiKeys.manage") ? "you" : "an owner or admin"} can revoke it.
      </Notice>
    );
  if (deny.isSuccess)
    return (
      <Notice tone="good" live title="Refused">
        The program gets no access.
      </Notice>
    );
  return (
    <Stack>
      <p>Allow this only if you started it yourself just now and your terminal shows the same code.</p>
      <Facts
        items={{
          Code: <strong>{login.userCode}</strong>,
          Program: login.client,
          "Asked from": login.address,
          "Valid until": <Instant at={login.expiresAt} exact />,
        }}
      />
      <SelectField
        label="Account"
        value={account}
        onChange={setAccount}
        options={accounts.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <SelectField
        label="Permissions"
        value={scope}
        onChange={(value) => setScope(readKeyScope(value))}
        options={scopes}
        {...(scopes.length < KEY_SCOPE_OPTIONS.length && {
          hint: `Your role in this account is ${role}; the key can do no more than you.`,
        })}
      />
      <Row>
        <Button look="primary" busy={allow.isPending} onClick={() => allow.mutate()}>
          Allow access
        </Button>
        <Button busy={deny.isPending} onClick={() => deny.mutate()}>
          Refuse access
        </Button>
      </Row>
      <ErrorNotice error={allow.error ?? deny.error} />
    </Stack>
  );
}
