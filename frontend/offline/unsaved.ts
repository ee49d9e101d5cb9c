// Whether the last submission could not be written down, for want of room or of IndexedDB: then only another store can
// remember it. A page that says that splits are saved here has to know.

const KEY = 'allot-unsaved';

export function noteUnsaved(unsaved: boolean): void {
  try {
    if (unsaved) localStorage.setItem(KEY, '');
    else localStorage.removeItem(KEY);
  } catch {
    // Where this is blocked too, the page of the device says that nothing is kept.
  }
}

export function wasUnsaved(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}
