/**
 * Rows of which each is an object that a client deleted: by a request of its own, or as one key of a multi-object delete,
 * whose request is none. Neither are aborted uploads and what lifecycle rules expire.
 */
export const isDeletedObject =
  "class = 'delete' AND status < 300 AND (operation ILIKE '%DELETE_OBJECT' OR operation ILIKE '%delete_obj' OR operation = 'DeleteObject')"
