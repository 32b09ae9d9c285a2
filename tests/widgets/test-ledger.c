/*
 * F-26, the ledger of fields: for a thousand seeded sets of fields of planar and spatial groups, each line of the inspector says how many fields of
 * which size make how many channels, and the lines together have as many numbers as the tensor of the compiled program.
 */

#include "model/file.h"
#include "widgets/inspector/node-details.h"

#include "eqk/op.h"
#include "eqk/random.h"
#include "wait-for.h"

#include <string.h>

#define N_SETS 1000

/* Kinds of field with their sizes, as the field's literature has them: not taken from the code that is tested. */
typedef struct { const char *name; int size; } Kind;
typedef struct { const char *id; gboolean in_space; Kind kinds[6]; } Group;

static const Group groups[] = {
  { "triv", FALSE, { { "triv", 1 } } },
  { "C4", FALSE, { { "triv", 1 }, { "f1", 2 }, { "f2", 1 }, { "reg", 4 }, { "C4/C2", 2 } } },
  { "D4", FALSE, { { "triv", 1 }, { "sign", 1 }, { "f1", 2 }, { "reg", 8 }, { "D4/C2", 4 } } },
  { "C8", FALSE, { { "triv", 1 }, { "f1", 2 }, { "f3", 2 }, { "f4", 1 }, { "reg", 8 }, { "C8/C4", 2 } } },
  { "D3", FALSE, { { "triv", 1 }, { "f1", 2 }, { "reg", 6 } } },
  { "C16", FALSE, { { "triv", 1 }, { "f1", 2 }, { "f8", 1 }, { "reg", 16 } } },
  { "SO2", FALSE, { { "triv", 1 }, { "f1", 2 }, { "f2", 2 }, { "f5", 2 } } },
  { "O2", FALSE, { { "triv", 1 }, { "sign", 1 }, { "f1", 2 }, { "f3", 2 } } },
  { "SO3", TRUE, { { "0", 1 }, { "1", 3 }, { "2", 5 }, { "4", 9 } } },
  { "O3", TRUE, { { "0e", 1 }, { "0o", 1 }, { "1o", 3 }, { "1e", 3 }, { "2e", 5 }, { "3o", 7 } } },
};

/* One to six runs, of which neighbours may be of one kind. @param numbers (out) of a pixel or point */
static char *
make_set (EqkRandom *random, const Group *group, int *numbers)
{
  GString  *text = g_string_new (NULL);
  const int n_runs = 1 + (int) eqk_random_below (random, 6);
  int       n_kinds = 0;

  while (n_kinds < 6 && group->kinds[n_kinds].name != NULL)
    n_kinds++;
  *numbers = 0;
  for (int i = 0; i < n_runs; i++)
    {
      const Kind *kind = &group->kinds[eqk_random_below (random, (uint32_t) n_kinds)];
      const int   count = 1 + (int) eqk_random_below (random, eqk_random_below (random, 4) == 0 ? 100 : 9);

      g_string_append_printf (text, "%s%dx%s%s", i == 0 ? "" : " + ", count, group->in_space ? "" : " ", kind->name);
      *numbers += count * kind->size;
    }
  return g_string_free (text, FALSE);
}

static EqsDocument *
make_design (const Group *group, const char *fields)
{
  g_autofree char *input = group->in_space
    ? g_strdup_printf ("{\"id\": \"points\", \"layer\": \"input_points\"},\n{\"id\": \"source\", \"layer\": \"input_features\", \"params\": {\"type\": \"%s\"}}", fields)
    : g_strdup_printf ("{\"id\": \"source\", \"layer\": \"input_image\", \"params\": {\"height\": 9, \"width\": 9, \"fields\": \"%s\"}}", fields);
  g_autofree char *text = g_strdup_printf ("{\n\"format\": \"equistudio.design\",\n\"version\": 1,\n\"symmetry\": {\"group\": \"%s\"},\n\"nodes\": [\n%s,\n"
                                           "{\"id\": \"answer\", \"layer\": \"field_output\"}\n],\n\"links\": [\n{\"from\": \"source.y\", \"to\": \"answer.x\"}\n]\n}\n", group->id, input);
  g_autoptr (GError) error = NULL;
  EqsDocument *document = eqs_file_parse (text, -1, &error);

  g_assert_no_error (error);
  return document;
}

static GtkGrid *
find_grid (GtkWidget *widget)
{
  if (GTK_IS_GRID (widget))
    return GTK_GRID (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkGrid *found = find_grid (child);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static const char *
cell (GtkGrid *grid, int column, int row)
{
  GtkWidget *child = gtk_grid_get_child_at (grid, column, row);

  return child == NULL ? "" : gtk_label_get_text (GTK_LABEL (child));
}

/* "1,024" and "× 8" */
static int
number (const char *text)
{
  int value = 0;

  for (; *text != '\0'; text++)
    if (g_ascii_isdigit (*text))
      value = 10 * value + (*text - '0');
  return value;
}

static int
size_of (const Group *group, const char *name)
{
  for (int i = 0; i < 6 && group->kinds[i].name != NULL; i++)
    if (strcmp (group->kinds[i].name, name) == 0 || (strcmp (group->kinds[i].name, "reg") == 0 && g_str_has_prefix (name, "reg(")))
      return group->kinds[i].size;
  g_test_message ("%s: no field %s was asked for", group->id, name);
  g_assert_not_reached ();
  return 0;
}

/* Channels of the lines from the one that begins with this text to the next port. */
static int
add_up (const Group *group, GtkGrid *grid, const char *port)
{
  int      sum = 0;
  gboolean inside = FALSE;

  for (int row = 1; gtk_grid_get_child_at (grid, 2, row) != NULL; row++)
    {
      const int count = number (cell (grid, 3, row)), size = number (cell (grid, 4, row)), channels = number (cell (grid, 5, row));

      if (cell (grid, 0, row)[0] != '\0')
        inside = strcmp (cell (grid, 0, row), port) == 0;
      if (!inside)
        continue;
      g_assert_cmpint (size, ==, size_of (group, cell (grid, 2, row)));
      g_assert_cmpint (count, >, 0);
      g_assert_cmpint (count * size, ==, channels);
      sum += channels;
    }
  return sum;
}

static int
numbers_of_tensor (EqsSession *session)
{
  const EqkProgram *program = eqs_session_get_check (session)->program;
  const EqkSizes    one = { 1, 1, 1, 1 };

  g_assert_nonnull (program);
  for (int v = 0; v < eqk_program_n_values (program); v++)
    {
      const EqkValue *value = eqk_program_value (program, v);

      if (value->kind == EQK_VALUE_FEED && (strcmp (value->name, "image") == 0 || strcmp (value->name, "velocities") == 0))
        return (int) (eqk_value_count (program, v, &one) / eqk_value_rows (program, v, &one));
    }
  g_assert_not_reached ();
  return 0;
}

static void
check_set (EqkRandom *random, guint *n_runs)
{
  const Group    *group = &groups[eqk_random_below (random, G_N_ELEMENTS (groups))];
  int             numbers;
  g_autofree char *fields = make_set (random, group, &numbers);
  g_autoptr (EqsDocument) document = make_design (group, fields);
  g_autoptr (EqsSession)  session = eqs_session_new (document, NULL);
  GtkWidget      *box = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  GtkGrid        *grid;

  eqs_session_settle (session);
  eqs_details_append_fields (box, session, "answer");
  grid = find_grid (box);
  g_assert_nonnull (grid);
  if (numbers_of_tensor (session) != numbers || add_up (group, grid, "In") != numbers || add_up (group, grid, "Out") != numbers)
    {
      g_test_message ("%s, %s: %d numbers; the tensor has %d, the lines in %d, out %d", group->id, fields, numbers, numbers_of_tensor (session),
                      add_up (group, grid, "In"), add_up (group, grid, "Out"));
      g_test_fail ();
    }
  for (int row = 1; gtk_grid_get_child_at (grid, 2, row) != NULL; row++)
    (*n_runs)++;
  g_object_run_dispose (G_OBJECT (session));
  g_object_unref (box);
}

static void
test_sets (void)
{
  EqkRandom random = eqk_random (26, EQK_RANDOM_TEST, 0, 0, 0);
  guint     n_runs = 0;

  for (guint i = 0; i < N_SETS; i++)
    check_set (&random, &n_runs);
  g_test_message ("%u lines were read", n_runs);
  g_assert_cmpuint (n_runs, >, 4 * N_SETS);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ledger/sets", test_sets);
  return g_test_run ();
}
