import { Link } from "@tanstack/react-router";

/** The name with its seal, leading home. */
export function Brand({ className }: { className?: string | undefined }) {
  return (
    <Link to="/" className={className ?? ""}>
      <img src="/seal.svg" alt="" width="24" height="24" />
      Waxseal
    </Link>
  );
}
