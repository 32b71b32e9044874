import * as vscode from 'vscode';
import { tierOf, type Confinement, type Mechanism } from '../server/shared/protocol/confinement.ts';

/** How people call what confines a session. */
export function mechanismNames(): Readonly<Record<Mechanism, string>> {
  const { t } = vscode.l10n;
  return {
    bubblewrap: t('bubblewrap'),
    landlock: t('Landlock'),
    seatbelt: t('Seatbelt'),
    permissionModel: t("seat belt: Node's permission model"),
    none: t('nothing'),
  };
}

/** The tier that was measured, in a few words. */
export function tierWords(confinement: Confinement): string {
  const { t } = vscode.l10n;
  const by = mechanismNames()[confinement.mechanism];
  switch (tierOf(confinement)) {
    case 'confined':
      return t('confined by {0}', by);
    case 'partlyConfined':
      return t('partly confined by {0}', by);
    case 'unconfined':
      return t('not confined');
  }
}
