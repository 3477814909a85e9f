import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { MeView } from "../../api/contract.ts";
import { accountUrl } from "../../api/in-account.ts";
import { paths } from "../../paths.ts";
import { useBrandColors } from "../../ui/use-brand-colors.ts";
import styles from "./Shell.module.css";

/** The provider's name and logo, or ours, leading home; the pages around it are drawn in its colours. */
export function Brand({ brand, className }: Pick<MeView, "brand"> & { className?: string | undefined }) {
  const client = useQueryClient();
  useBrandColors(brand?.colors);
  return (
    <Link to={paths.overview()} className={className ?? ""}>
      {!brand && <img src="/seal.svg" alt="" width="24" height="24" />}
      {brand?.logo && (
        <img
          src={accountUrl({ client }, `/account/shown-logo?${brand.logo}`)}
          alt=""
          className={styles.logo}
        />
      )}
      {brand?.name ?? "Waxseal"}
    </Link>
  );
}
