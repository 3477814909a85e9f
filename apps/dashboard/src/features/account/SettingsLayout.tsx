import { Link, Outlet } from "@tanstack/react-router";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { TabLinks } from "../../ui/TabLinks.tsx";

/** What every page of the settings starts with. */
export function SettingsLayout() {
  return (
    <>
      <PageHeader
        title="Settings"
        actions={
          <Link className={buttonClass()} to={paths.audit()}>
            Audit log
          </Link>
        }
      />
      <TabLinks label="Parts of the settings">
        <Link to={paths.profile()}>Profile</Link>
        <Link to={paths.security()}>Security</Link>
        <Link to={paths.accountSettings()}>Account</Link>
        <Link to={paths.branding()}>Branding</Link>
        <Link to={paths.members()}>Members</Link>
        <Link to={paths.notifications()}>Notifications</Link>
        <Link to={paths.apiKeys()}>API</Link>
        <Link to={paths.dataSettings()}>Data</Link>
      </TabLinks>
      <Outlet />
    </>
  );
}
