import { NativeSelect, PasswordInput, TextInput } from "@mantine/core";
import { type ComponentProps, useState } from "react";
import { Icon } from "./Icon.tsx";

type TextProps = {
  label: string;
  hint?: string;
  error?: string | undefined;
  /** What is wrong with what is being typed: shown when the field was left once, or was filled from the start. */
  liveError?: string | undefined;
  value: string;
  onChange: (value: string) => void;
  onLeave?: () => void;
  required?: boolean;
  placeholder?: string;
  autoComplete?: string;
  autoFocus?: boolean;
  name?: string;
  type?: "text" | "email" | "search" | "date" | "number";
  hideLabel?: boolean;
};

/** One line of text, with its label, a hint and what is wrong with it. */
export function TextField({
  hint,
  error,
  liveError,
  onChange,
  onLeave,
  hideLabel,
  label,
  ...rest
}: TextProps) {
  const [wasLeft, setWasLeft] = useState(rest.value !== "");
  return (
    <TextInput
      {...named(label, hideLabel)}
      {...rest}
      {...described(hint, error ?? (wasLeft ? liveError : undefined))}
      onBlur={() => {
        setWasLeft(true);
        onLeave?.();
      }}
      spellCheck={false}
      autoCapitalize="off"
      withAsterisk={false}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

type PasswordProps = Omit<TextProps, "type" | "hideLabel" | "liveError" | "onLeave">;

/** A password that can be made visible. */
export function PasswordField({ hint, error, onChange, label, ...rest }: PasswordProps) {
  return (
    <PasswordInput
      label={label}
      {...rest}
      {...described(hint, error)}
      withAsterisk={false}
      visibilityToggleButtonProps={{ "aria-label": "Show the password", tabIndex: 0 }}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

type SelectProps = {
  label: string;
  hint?: string;
  error?: string | undefined;
  value: string;
  onChange: (value: string) => void;
  options: readonly { value: string; label: string }[];
  hideLabel?: boolean;
};

/** A choice out of a list, drawn by the browser. */
export function SelectField({ label, hint, error, value, onChange, options, hideLabel }: SelectProps) {
  return (
    <NativeSelect
      {...named(label, hideLabel)}
      {...described(hint, error)}
      rightSection={<Icon name="choose" size={14} />}
      value={value}
      data={[...options]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function named(
  label: string,
  hideLabel = false,
): Pick<ComponentProps<typeof TextInput>, "label" | "aria-label"> {
  return hideLabel ? { "aria-label": label } : { label };
}

function described(hint: string | undefined, error: string | undefined) {
  return { ...(hint && { description: hint }), ...(error && { error }) };
}
