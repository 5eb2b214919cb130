import { useEffect, useRef, useState } from 'react';

interface FetchState<T> {
  data: T | null;
  error: Error | null;
  loading: boolean;
}

const cache = new Map<string, unknown>();

export function useFetch<T>(url: string | null): FetchState<T> & { reload: () => void } {
  const [state, setState] = useState<FetchState<T>>({ data: null, error: null, loading: false });
  const [turn, setTurn] = useState(0);
  const latest = useRef(0);

  useEffect(() => {
    if (!url) return;
    const cached = cache.get(url) as T | undefined;
    if (cached !== undefined && turn === 0) {
      setState({ data: cached, error: null, loading: false });
      return;
    }
    const ticket = ++latest.current;
    const controller = new AbortController();
    setState((before) => ({ ...before, loading: true }));
    fetch(url, { signal: controller.signal })
      .then((response) => {
        if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
        return response.json() as Promise<T>;
      })
      .then((data) => {
        cache.set(url, data);
        if (ticket === latest.current) setState({ data, error: null, loading: false });
      })
      .catch((error: Error) => {
        if (error.name !== 'AbortError') setState({ data: null, error, loading: false });
      });
    return () => controller.abort();
  }, [url, turn]);

  return { ...state, reload: () => setTurn((before) => before + 1) };
}
