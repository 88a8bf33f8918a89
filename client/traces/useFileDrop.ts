import { useEffect, useRef, useState } from 'react';

const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

/** Files dropped anywhere on the page. Answers whether one is being dragged over it. */
export function useFileDrop(onDrop: (file: File) => void): boolean {
  const [isOver, setOver] = useState(false);
  const latest = useRef(onDrop);
  useEffect(() => {
    latest.current = onDrop;
  });
  useEffect(() => {
    // Entering a child leaves its parent: only the balance says whether the page was left.
    let depth = 0;
    const move = (by: number) => (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      depth += by;
      setOver(depth > 0);
    };
    const enter = move(1);
    const leave = move(-1);
    // Without this the browser opens the file instead of the page.
    const over = (event: DragEvent) => holdsFiles(event) && event.preventDefault();
    const drop = (event: DragEvent) => {
      depth = 0;
      setOver(false);
      const isTaken = event.defaultPrevented;
      event.preventDefault();
      const [file] = event.dataTransfer?.files ?? [];
      if (file && !isTaken) latest.current(file);
    };
    window.addEventListener('dragenter', enter);
    window.addEventListener('dragleave', leave);
    window.addEventListener('dragover', over);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragenter', enter);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('dragover', over);
      window.removeEventListener('drop', drop);
    };
  }, []);
  return isOver;
}
