// References to secrets. A plan, a journal and a log hold the name of a secret, never its value.

/** Stands for the value of the secret with this name; `World.secret` lends the value for the length of one call. */
export interface SecretRef {
  readonly $secret: string
}
