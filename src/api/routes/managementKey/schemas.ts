import { z } from '@hono/zod-openapi';
import { managementRoles } from '../../../storage/apiKeys';
import { Id, Instant } from '../../contract';
import { OrgParams } from '../orgTeam/schemas';
import { ExpiresAt, Label } from '../teamKey/schemas';

export const MANAGEMENT_KEYS = '/v1/org/{org_id}/management_key';

export const ManagementKeyParams = OrgParams.extend({ key_id: Id });

const Role = z
  .enum(managementRoles)
  .openapi({ description: '`org_admin` opens the whole organisation, `team_admin` the teams it is bound to' });

const Bindings = z.array(z.object({ team_id: Id })).max(1_000);

export const ManagementKeyCreateBody = z
  .object({ label: Label, role: Role, team_role_bindings: Bindings.nullish(), expires_at: ExpiresAt })
  .openapi('ManagementKeyCreateBody');

export const ManagementKeyChangeBody = z
  .object({ label: Label, role: Role, team_role_bindings: Bindings.nullable() })
  .partial()
  .openapi('ManagementKeyChangeBody');

export const ManagementKey = z
  .object({
    id: Id,
    label: Label,
    role: Role,
    team_role_bindings: Bindings.nullable(),
    last_four: z.string().openapi({ example: 'a1B2' }),
    created_at: Instant,
    expires_at: Instant.nullable(),
    last_used_at: Instant.nullable(),
  })
  .openapi('ManagementKey');

export type ManagementKey = z.infer<typeof ManagementKey>;

export const NewManagementKey = ManagementKey.extend({
  key: z.string().openapi({ description: 'Shown once', example: 'mk_continuo_…' }),
}).openapi('NewManagementKey');
