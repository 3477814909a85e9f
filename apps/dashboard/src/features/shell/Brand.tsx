import { Link } from "@tanstack/react-router";
import { paths } from "../../paths.ts";

/** The name with its seal, leading home. */
export function Brand({ className }: { className?: string | undefined }) {
  return (
    <Link to={paths.overview()} className={className ?? ""}>
      <img src="/seal.svg" alt="" width="24" height="24" />
      Waxseal
    </Link>
  );
}
