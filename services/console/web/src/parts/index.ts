/**
 * What every screen is made of. A screen imports from here and from no file behind it; its rules that need no browser take single files
 * of words/, so that a test can read them.
 */

export { useQuery } from './address.ts';
export { ActionButton } from './controls/action.tsx';
export { Button, IconButton, LinkButton } from './controls/button.tsx';
export { Confirm, type Confirmed } from './controls/confirm.tsx';
export { CopyButton, Id, useCopied } from './controls/copy.tsx';
export { Dialog } from './controls/dialog.tsx';
export { Finding } from './controls/finding.tsx';
export { bytePairs, Hex } from './controls/hex.tsx';
export { Badge, FilterChip, Key, StateBadge, Tag, type Tone } from './controls/labels.tsx';
export { OpenDialog, openDialog } from './controls/open-dialog.tsx';
export { Panel, PanelEntry, PanelPart } from './controls/panel.tsx';
export { PanelSagas } from './controls/panel-saga.tsx';
export { Segmented } from './controls/segmented.tsx';
export { Empty, Failed, Gaps, Loading, Progress, Strip } from './controls/states.tsx';
export { type Column, Table } from './controls/table.tsx';
export { boundKeys, type KeyBinding, useKeys } from './keys.ts';
export { neighbour, type RememberedList, rememberedList, rememberList } from './list-memory.ts';
export { Icon, type IconName, iconShape } from './marks/icons.tsx';
export { Logo } from './marks/logo.tsx';
export { Mark, MarkAt, Patterns } from './marks/mark.tsx';
export { MARK_WORDS, type MarkKind } from './marks/mark-kinds.ts';
export { ServiceBadge, ServiceSquare, serviceHue, serviceIcon } from './marks/service-badge.tsx';
export { Spark } from './marks/spark.tsx';
export { Trail, trailWords } from './marks/trail.tsx';
export { ApiError, get, post, sentenceOf } from './server/api.ts';
export { Kept, operatorName, useKept } from './server/kept.ts';
export { type Channel, type LiveStatus, live, type Sent } from './server/live.ts';
export { queries } from './server/queries.ts';
export { useLive, useLiveEach, useLiveStatus } from './server/use-live.ts';
export { useTitle } from './title.ts';
export { useWidth } from './use-width.ts';
export { bytes, count, counted, itemsWords, money, rate, roundMoney, shortId } from './words/amount.ts';
export { serverNow } from './words/clock.ts';
export { age, durationOf, figureOf, parseSpan, preciseAge, shortDurationOf } from './words/duration.ts';
export { clockTime, fullMoment, shortMoment } from './words/moment.ts';
export { readable, withQuery } from './words/query-string.ts';
export { plain, Strong } from './words/strong.tsx';
export { Ago, Moment, Took } from './words/times.tsx';
export { useNow } from './words/use-now.ts';
