import { Textarea } from "@mantine/core";

type Props = {
  label: string;
  hint?: string;
  error?: string | undefined;
  placeholder?: string;
  rows?: number;
  value: string;
  onChange: (value: string) => void;
};

/** Several lines of text, never wrapped or corrected. */
export function TextAreaField({ hint, error, onChange, ...rest }: Props) {
  return (
    <Textarea
      {...rest}
      {...(hint && { description: hint })}
      {...(error && { error })}
      spellCheck={false}
      autoCapitalize="off"
      wrap="off"
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
