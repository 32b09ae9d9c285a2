/* Code from the sections of an ELF object, stack from gcc's call graph: nodes with the bytes of their frames, edges from caller to callee. */

#include "services/code-size.h"

#include <elf.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

/* ---- the stack ---- */

typedef struct
{
  gsize      frame;          /* bytes */
  GPtrArray *calls;          /* owned, of titles (owned by the lines) */
  gsize      depth;          /* known when done */
  enum { UNSEEN, OPEN, DONE } state;
} Function;

static void
function_free (gpointer data)
{
  Function *self = data;

  g_ptr_array_unref (self->calls);
  g_free (self);
}

static Function *
function_of (GHashTable *functions, const char *title)
{
  Function *self = g_hash_table_lookup (functions, title);

  if (self == NULL)
    {
      self = g_new0 (Function, 1);
      self->calls = g_ptr_array_new_with_free_func (g_free);
      g_hash_table_insert (functions, g_strdup (title), self);
    }
  return self;
}

/* The text of key: "…" in a line; NULL: it has none. (transfer full) */
static char *
dup_field (const char *line, const char *key)
{
  const char *at = strstr (line, key), *end;

  at = at == NULL ? NULL : strchr (at, '"');
  end = at == NULL ? NULL : strchr (at + 1, '"');
  return end == NULL ? NULL : g_strndup (at + 1, (gsize) (end - at - 1));
}

/* @return FALSE where the frame has no bound */
static gboolean
read_line (GHashTable *functions, const char *line)
{
  if (g_str_has_prefix (line, "node:"))
    {
      g_autofree char *title = dup_field (line, "title:"), *label = dup_field (line, "label:");
      const char      *bytes = label == NULL ? NULL : strstr (label, " bytes (");
      const char      *digit = bytes;

      if (title == NULL)
        return TRUE;
      while (digit != NULL && digit > label && g_ascii_isdigit (digit[-1]))
        digit--;
      function_of (functions, title)->frame = digit == NULL ? 0 : (gsize) g_ascii_strtoull (digit, NULL, 10);
      return bytes == NULL || strstr (bytes, "dynamic)") == NULL;      /* "dynamic,bounded" has one */
    }
  if (g_str_has_prefix (line, "edge:"))
    {
      g_autofree char *from = dup_field (line, "sourcename:"), *to = dup_field (line, "targetname:");

      if (from == NULL || to == NULL || strcmp (to, "__indirect_call") == 0)
        return FALSE;
      g_ptr_array_add (function_of (functions, from)->calls, g_strdup (to));
      function_of (functions, to);
    }
  return TRUE;
}

/* @return FALSE where it comes back to a function that is still open */
static gboolean
measure_depth (GHashTable *functions, Function *self)
{
  gsize below = 0;

  if (self->state != UNSEEN)
    return self->state == DONE;
  self->state = OPEN;
  for (guint i = 0; i < self->calls->len; i++)
    {
      Function *callee = function_of (functions, g_ptr_array_index (self->calls, i));

      if (!measure_depth (functions, callee))
        return FALSE;
      below = MAX (below, callee->depth);
    }
  self->depth = self->frame + below;
  self->state = DONE;
  return TRUE;
}

gsize
eqs_code_size_read_stack (const char *call_graph)
{
  g_return_val_if_fail (call_graph != NULL, 0);
  g_autoptr (GHashTable) functions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, function_free);
  g_auto (GStrv)         lines = g_strsplit (call_graph, "\n", -1);
  GHashTableIter         iter;
  gpointer               function;
  gsize                  deepest = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    if (!read_line (functions, lines[i]))
      return 0;
  g_hash_table_iter_init (&iter, functions);
  while (g_hash_table_iter_next (&iter, NULL, &function))
    {
      if (!measure_depth (functions, function))
        return 0;
      deepest = MAX (deepest, ((Function *) function)->depth);
    }
  return deepest;
}

/* ---- the code ---- */

/* What stands in the program's memory and is no variable. */
static gsize
sum_sections (const char *object, gsize length)
{
  const Elf64_Ehdr *head = (const Elf64_Ehdr *) object;
  gsize             sum = 0;

  if (length < sizeof *head || memcmp (head->e_ident, ELFMAG, SELFMAG) != 0 || head->e_ident[EI_CLASS] != ELFCLASS64 ||
      head->e_shentsize != sizeof (Elf64_Shdr) || head->e_shoff % sizeof (guint64) != 0 || head->e_shoff > length ||
      head->e_shnum > (length - head->e_shoff) / sizeof (Elf64_Shdr))
    return 0;
  for (guint i = 0; i < head->e_shnum; i++)
    {
      const Elf64_Shdr *section = (const Elf64_Shdr *) (object + head->e_shoff) + i;

      if ((section->sh_flags & SHF_ALLOC) != 0 && (section->sh_flags & SHF_WRITE) == 0 && section->sh_type == SHT_PROGBITS)
        sum += section->sh_size;
    }
  return sum;
}

static gboolean
compile (const char *compiler, const char *folder, const char *file, const char *object, gboolean graph)
{
  g_auto (GStrv)    environment = g_environ_setenv (g_get_environ (), "CCACHE_DISABLE", "1", TRUE);      /* it gives objects back without their call graph */
  const char *const command[] = { compiler, "-std=c11", "-Os", "-fno-asynchronous-unwind-tables", "-c", "-o", object, file, graph ? "-fcallgraph-info=su" : NULL, NULL };
  int status = -1;

  return g_spawn_sync (folder, (char **) command, environment, G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL, &status, NULL) && status == 0;
}

void
eqs_code_size_measure (const char *folder, const char *file, EqsCodeSize *size)
{
  g_return_if_fail (folder != NULL && file != NULL && size != NULL);
  g_autofree char *compiler = g_find_program_in_path ("cc"), *place = compiler == NULL ? NULL : g_dir_make_tmp ("equistudio-XXXXXX", NULL);
  g_autofree char *object = NULL, *graph = NULL, *code = NULL, *calls = NULL;
  gsize            length;

  *size = (EqsCodeSize){ 0 };
  if (place == NULL)
    return;
  object = g_build_filename (place, "code.o", NULL);
  graph = g_build_filename (place, "code.ci", NULL);
  if ((compile (compiler, folder, file, object, TRUE) || compile (compiler, folder, file, object, FALSE)) && g_file_get_contents (object, &code, &length, NULL))
    size->code_bytes = sum_sections (code, length);
  if (g_file_get_contents (graph, &calls, NULL, NULL))
    size->stack_bytes = eqs_code_size_read_stack (calls);
  g_remove (object);
  g_remove (graph);
  g_rmdir (place);
}
