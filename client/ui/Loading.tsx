import { Skeleton, Stack, VisuallyHidden } from '@mantine/core';

/** Bars where rows will be, so that nothing jumps when they come. */
export function LoadingRows(props: { rows?: number; height?: number }) {
  return (
    <Stack gap={10} p="md" role="status">
      <VisuallyHidden>Loading</VisuallyHidden>
      {Array.from({ length: props.rows ?? 6 }, (_, row) => (
        <Skeleton key={row} height={props.height ?? 18} width={`${96 - ((row * 17) % 30)}%`} />
      ))}
    </Stack>
  );
}

export function LoadingPage() {
  return (
    <Stack gap="lg" role="status">
      <VisuallyHidden>Loading</VisuallyHidden>
      <Skeleton height={26} width={220} />
      <Skeleton height={120} />
      <Skeleton height={260} />
    </Stack>
  );
}
