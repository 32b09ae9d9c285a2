/*
 * Section 3, and the dependencies of section 10: what the design needs, with versions, and in which other libraries it could be written. A
 * version is one whose numbers this program was compared with (tests/golden), never a guess of what else might do.
 */

#include "services/spec-private.h"

#include "services/counterpart.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  const char *name, *package;      /* as families name it; as Python's package index does */
  const char *version;             /* compared with; NULL: none was */
  const char *needs;
  const char *when;                /* N_ */
} Library;

static const Library libraries[] = {
  { "escnn", "escnn", "1.0.13", "torch, numpy, scipy", N_("pictures under turns and mirrors, where the rest of a program is in PyTorch") },
  { "e3nn", "e3nn", "0.6.0", "torch, numpy, scipy, sympy", N_("points and atoms, where layers of one's own are wanted or a graphics card trains") },
  { "PyG", "torch_geometric", "2.5.3", "torch, numpy", N_("sets and graphs, where samplers of large graphs are wanted") },
  { "torch", "torch", "1.13", "numpy", N_("sets and pairs: no other package is needed") },
  { "NequIP", "nequip", "0.5.6", "torch, e3nn, ase", N_("molecules, where its own training and its link to LAMMPS are wanted") },
  { "MACE", "mace-torch", NULL, "torch, e3nn, ase", N_("molecules of many kinds, where its published models are taken further") },
  { "s2cnn", "s2cnn", NULL, "torch", N_("signals on the sphere; no longer maintained") },
};

static const Library *
find_library (const char *name)
{
  for (gsize i = 0; name != NULL && i < G_N_ELEMENTS (libraries); i++)
    if (strcmp (libraries[i].name, name) == 0)
      return &libraries[i];
  return NULL;
}

static const char *
version_of (const Library *library)
{
  return library->version == NULL ? _("numbers not compared") : library->version;
}

/* Of a layer as it stands here; (transfer full) (nullable) */
static char *
dup_counterpart (const EqsSpecWriter *self, guint node)
{
  return eqs_counterpart_dup (eqs_spec_layer_of (&g_array_index (self->check->nodes, EqsNodeCost, node)), eqs_spec_get_dim (self) == 3);
}

/* The libraries of the guide's other candidates for the same question, each once, best first. */
static void
write_alternatives (EqsSpecWriter *self)
{
  g_autoptr (GHashTable) told = g_hash_table_new (g_str_hash, g_str_equal);

  if (self->family != NULL)
    g_hash_table_add (told, (char *) self->family->library);
  eqs_book_text (self->book, "%s", _("Other libraries in which designs for the same question are written:"));
  eqs_book_table (self->book, _("Library|Version compared with|For which family|Rather when"));
  eqs_book_row (self->book, "libeqk " EQS_VERSION, EQS_VERSION, self->family == NULL ? _("this design") : _(self->family->title),
                _("nothing but a C compiler is there, or the program is to be a small one"), NULL);
  for (guint i = 0; self->answer != NULL && i < self->answer->candidates->len; i++)
    {
      const EqsCandidate *candidate = g_ptr_array_index (self->answer->candidates, i);
      const Library      *library = find_library (candidate->library);

      if (library != NULL && candidate->match > 0 && g_hash_table_add (told, (char *) library->name))
        eqs_book_row (self->book, library->name, version_of (library), candidate->title, _(library->when), NULL);
    }
}

void
eqs_spec_write_library (EqsSpecWriter *self)
{
  EqsBook       *b = self->book;
  const Library *library = self->family == NULL ? NULL : find_library (self->family->library);
  guint          own = 0;

  eqs_book_section (b, _("Library"));
  eqs_book_text (b, _("The design runs on libeqk %s, which trains, checks and exports it without other libraries. Where a layer has a counterpart in a usual library, it is named."), EQS_VERSION);
  if (library != NULL)
    {
      eqs_book_figure (b, EQS_STATED, _("Library to compare with"), "%s %s", library->name, library->version == NULL ? "" : library->version);
      eqs_book_figure (b, EQS_STATED, _("It needs"), "%s", library->needs);
      eqs_book_figure (b, EQS_STATED, _("Take it for"), "%s", _(library->when));
    }
  eqs_book_table (b, _("Node|Layer|Counterpart"));
  for (guint i = 0; i < self->check->nodes->len; i++)
    {
      const EqsNodeCost *cost = &g_array_index (self->check->nodes, EqsNodeCost, i);
      g_autofree char   *counterpart = dup_counterpart (self, i);

      own += counterpart == NULL;
      eqs_book_row (b, cost->id, cost->layer, counterpart == NULL ? _("none: a module of its own") : counterpart, NULL);
    }
  eqs_book_figure (b, EQS_COMPUTED, _("Nodes without a counterpart"), "%u", own);
  write_alternatives (self);
}

/* Packages that counterparts of the nodes name, "e3nn" of "e3nn.nn.Gate"; torch for what is written in it alone. */
static gboolean
is_named (const EqsSpecWriter *self, const char *package)
{
  for (guint i = 0; i < self->check->nodes->len; i++)
    {
      g_autofree char *counterpart = dup_counterpart (self, i);

      if (counterpart != NULL && g_str_has_prefix (counterpart, package) && counterpart[strlen (package)] == '.')
        return TRUE;
    }
  return FALSE;
}

void
eqs_spec_write_dependencies (EqsSpecWriter *self)
{
  EqsBook *b = self->book;

  eqs_book_text (b, "%s", _("Dependencies, by what is to be done:"));
  eqs_book_table (b, _("To|Needs|Version"));
  eqs_book_row (b, _("train, check, audit, export"), "Equistudio (libeqk, equi)", EQS_VERSION, NULL);
  eqs_book_row (b, _("build Equistudio"), "GLib, Meson, OpenBLAS, cairo, cJSON, zlib", _("GLib 2.74, Meson 1.0; of the others any of Debian 12 and later"), NULL);
  eqs_book_row (b, _("run the exported C"), _("a C compiler and libm"), "C11", NULL);
  eqs_book_row (b, _("call it from C++ or Fortran"), _("a compiler of that language"), _("C++11, Fortran 2008"), NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (libraries); i++)
    {
      const gboolean own = self->family != NULL && strcmp (self->family->library, libraries[i].name) == 0;

      if (own || is_named (self, libraries[i].package))
        {
          g_autofree char *needs = g_strdup_printf ("%s (%s)", libraries[i].package, libraries[i].needs);

          eqs_book_row (b, _("write it again in Python"), needs, version_of (&libraries[i]), NULL);
        }
    }
}
