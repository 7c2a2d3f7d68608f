/** The error words of the token endpoint (dexcom-api.md §1.5). */
export type TokenErrorCode = 'invalid_client' | 'invalid_grant' | 'invalid_request' | 'unauthorized_client' | 'unsupported_grant_type';

/** A token request refused. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';

  constructor(
    readonly code: TokenErrorCode,
    readonly description?: string,
  ) {
    super(code);
  }
}
