/* Fuzz target: the reader of designs. Whatever the bytes, it returns a document or one sentence; what it reads is
 * written, read again and written the same. */

#include "model/file.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check_error (const GError *error)
{
  if (error == NULL || error->message[0] == 0 || strchr (error->message, '\n') != NULL
      || !g_utf8_validate (error->message, -1, NULL))
    g_error ("a refusal must be one sentence: %s", error == NULL ? "none" : error->message);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsDocument) document = eqs_file_parse ((const char *) data, (gssize) size, &error);
  g_autoptr (EqsDocument) again = NULL;
  g_autoptr (EqsDocument) copy = NULL;
  g_autofree char *once = NULL, *twice = NULL, *copied = NULL, *hash = NULL, *hash_again = NULL;

  if (document == NULL)
    {
      check_error (error);
      return 0;
    }
  once = eqs_file_to_text (document, NULL);
  if (strlen (once) > EQS_FILE_MAX_BYTES)
    return 0;   /* spaces make it longer than it came; saving refuses it */
  again = eqs_file_parse (once, -1, &error);
  if (again == NULL)
    g_error ("what was written cannot be read: %s", error->message);
  twice = eqs_file_to_text (again, NULL);
  copy = eqs_document_dup (document);
  copied = eqs_file_to_text (copy, NULL);
  hash = eqs_document_dup_hash (document);
  hash_again = eqs_document_dup_hash (again);
  if (strcmp (once, twice) != 0 || strcmp (once, copied) != 0 || strcmp (hash, hash_again) != 0)
    g_error ("the design changed by being written:\n%s\n%s\n%s", once, twice, copied);
  return 0;
}
