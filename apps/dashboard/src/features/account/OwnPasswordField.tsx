import { PasswordField } from "../../ui/Field.tsx";

type Props = { value: string; onChange: (password: string) => void };

/** The password that the person signs in with now, asked for before a change of their sign-in. */
export function OwnPasswordField(props: Props) {
  return <PasswordField label="Your password" name="password" autoComplete="current-password" {...props} />;
}
