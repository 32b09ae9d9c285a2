/* Texts, defaults, and what follows from the answers. */

#include "studio/questions.h"

#include "model/compile.h"
#include "services/bind.h"
#include "services/guide-families.h"
#include "services/template.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const EqsChoice group_choices[] = {
  { "triv", N_("Not at all"), N_("every direction counts"), "image" },
  { "C4", N_("Quarter turns"), N_("four poses mean the same"), "image" },
  { "D4", N_("Quarter turns and mirrors"), N_("mirror images as well"), "image" },
  { "C2", N_("Half turns"), N_("upside down means the same"), "image" },
  { "C8", N_("Eighth turns"), N_("finer steps"), "image" },
  { "SO2", N_("Any turn"), N_("every angle"), "image" },
  { "O2", N_("Any turn and mirrors"), N_("every angle, every mirror"), "image" },
  { "SO3", N_("Any turn in space"), N_("about the centre"), "sphere|points" },
  { "O3", N_("Turns and mirrors in space"), N_("about the centre"), "sphere|points|molecule" },
  { "E3xSn", N_("Moved, turned, mirrored, renumbered"), N_("as molecules are"), "molecule" },
  { "Sn", N_("Any order"), N_("items have no numbers"), "set|graph" },
  { NULL }
};

static const EqsChoice output_choices[] = {
  { "invariant", N_("The answer stays the same"), N_("a class, a number, a yes or no"), NULL },
  { "equivariant", N_("The answer turns along"), N_("an arrow, a mask, a pose"), NULL },
  { NULL }
};

static const EqsChoice domain_choices[] = {
  { "image", N_("An image"), N_("a grid of pixels"), NULL },
  { "points", N_("Points"), N_("places in space"), NULL },
  { "molecule", N_("A molecule"), N_("atoms with kinds"), NULL },
  { "graph", N_("A graph"), N_("who is next to whom"), NULL },
  { "sphere", N_("A sphere"), N_("a signal on a globe"), NULL },
  { "set", N_("A set"), N_("items without order"), NULL },
  { NULL }
};

static const EqsChoice task_choices[] = {
  { "classification", N_("A class"), N_("which of several"), NULL },
  { "regression", N_("A number"), N_("how much"), NULL },
  { "segmentation", N_("A class for each place"), N_("a mask"), "image|sphere|points" },
  { "pose", N_("A direction"), N_("which way it points"), "image|points" },
  { "generation", N_("A field of the same size"), N_("what comes next"), "image" },
  { "forces", N_("Energy and forces"), N_("arrows at atoms"), "molecule" },
  { "dynamics", N_("Where things go"), N_("the next places"), "points" },
  { "node", N_("Something for each node"), N_("a label for each"), "graph" },
  { NULL }
};

static const EqsChoice limit_choices[] = {
  { "none", N_("This computer, no limit"), NULL, NULL },
  { "100000", N_("At most 100,000 parameters"), N_("a small board"), NULL },
  { "30000", N_("At most 30,000 parameters"), N_("a microcontroller"), NULL },
  { NULL }
};

static const EqsChoice frame_choices[] = {
  { "none", N_("None of them"), NULL, NULL },
  { "up", N_("There is an up"), N_("only left and right may be exchanged"), "image" },
  { "origin", N_("There is an origin"), N_("shifted samples mean something else"), "image|points|molecule|sphere" },
  { NULL }
};

static const EqsChoice order_choices[] = {
  { "no", N_("No"), NULL, "points|molecule|set|graph" },
  { "fixed", N_("Pixels have their place"), N_("not asked for images"), "image|sphere" },
  { NULL }
};

static const EqsChoice change_choices[] = {
  { "unknown", N_("Not known yet"), N_("the data can be tested later"), NULL },
  { "not-mirrors", N_("Mirrors change the answer"), N_("turns only"), "image|points|molecule" },
  { "not-turns", N_("Turns change the answer"), N_("mirrors at most"), "image" },
  { NULL }
};

static const EqsChoice rule_choices[] = {
  { "none", N_("None stated"), NULL, NULL },
  { "mirror-equal", N_("Mirror images are equal"), N_("adds mirrors"), "image|points|molecule" },
  { "energy", N_("Forces come from an energy"), N_("which is then kept"), "molecule" },
  { "alone", N_("Items speak for themselves"), N_("what one adds does not depend on the others"), "set" },
  { "interacting", N_("Items act on each other"), N_("what one means depends on the others"), "set" },
  { "links", N_("Only who is linked counts"), N_("links carry nothing"), "graph" },
  { "edge-features", N_("Links carry numbers"), N_("kinds of bonds, distances"), "graph" },
  { "patterns", N_("Rings and patterns decide"), N_("neighbours alone could not tell"), "graph" },
  { NULL }
};

static const EqsChoice column_choices[] = {
  { "stays", N_("It stays"), N_("as the class or number it is"), NULL },
  { "moves", N_("It moves along"), N_("places or arrows turn with the sample"), NULL },
  { NULL }
};

const EqsQuestionText eqs_question_texts[EQS_N_QUESTIONS] = {
  { N_("How may your data be turned or mirrored without changing its meaning?"), N_("Takes what is usual for this kind of sample. The data can be tested for it later."), group_choices },
  { N_("When the input turns, should the answer stay or turn with it?"), N_("Follows from what you want to know."), output_choices },
  { N_("What is one sample?"), N_("Takes images; opening data decides it otherwise."), domain_choices },
  { N_("What do you want to know?"), N_("Takes a class, the most common answer."), task_choices },
  { N_("What limits apply?"), N_("Leaves it unlimited and shows the bill."), limit_choices },
  { N_("Is there a natural up or origin?"), N_("Supposes none."), frame_choices },
  { N_("Does the order of items matter?"), N_("Supposes that numbering means nothing."), order_choices },
  { N_("Which changes would alter the known answers?"), N_("Leaves it open: training works, and the audit tells."), change_choices },
  { N_("What rules of nature hold?"), N_("Noted as not stated."), rule_choices },
  { N_("How does the answer itself move?"), N_("Follows from questions 2 and 4."), column_choices },
};

enum { GROUP, OUTPUT, DOMAIN, TASK, LIMITS, FRAME, ORDER, CHANGES, RULES, COLUMN };

static gboolean
is_in (const char *list, const char *word)
{
  g_auto (GStrv) words = g_strsplit (list, "|", -1);

  return g_strv_contains ((const char *const *) words, word);
}

static const char *
usual_group (const char *domain)
{
  if (strcmp (domain, "image") == 0)
    return "C4";
  if (strcmp (domain, "molecule") == 0)
    return "E3xSn";
  return is_in ("set|graph", domain) ? "Sn" : "SO3";
}

/* Is there a design for this task, or for any, of samples of this kind? */
static gboolean
is_built (const char *domain, const char *task)
{
  guint            n;
  const EqsFamily *families = eqs_families (&n);

  for (guint i = 0; i < n; i++)
    for (const EqsFamilyForm *form = families[i].forms; form->task != NULL && is_in (families[i].domains, domain); form++)
      if (task == NULL || strcmp (form->task, task) == 0)
        return TRUE;
  return FALSE;
}

/* The first task whose answer moves along and for which there is a design. */
static const char *
usual_moving_task (const char *domain)
{
  for (const EqsChoice *choice = task_choices; choice->value != NULL; choice++)
    if (!is_in ("classification|regression", choice->value) && is_built (domain, choice->value))
      return choice->value;
  return "classification";
}

static const char *
default_of (const EqsAnswers *self, guint question)
{
  switch (question)
    {
    case GROUP:   return usual_group (eqs_answers_get (self, DOMAIN));
    case OUTPUT:  return is_in ("classification|regression", eqs_answers_get (self, TASK)) ? "invariant" : "equivariant";
    case DOMAIN:  return "image";
    case TASK:    return g_strcmp0 (self->given[OUTPUT], "equivariant") == 0 ? usual_moving_task (eqs_answers_get (self, DOMAIN)) : "classification";
    case ORDER:   return is_in ("image|sphere", eqs_answers_get (self, DOMAIN)) ? "fixed" : "no";
    case CHANGES: return "unknown";
    case COLUMN:  return strcmp (eqs_answers_get (self, OUTPUT), "invariant") == 0 ? "stays" : "moves";
    default:      return "none";
    }
}

const char *
eqs_answers_get (const EqsAnswers *self, guint question)
{
  return self->given[question] != NULL ? self->given[question] : default_of (self, question);
}

gboolean
eqs_choice_is_offered (const EqsChoice *choice, const EqsAnswers *answers)
{
  if (choice >= domain_choices && choice < domain_choices + G_N_ELEMENTS (domain_choices))
    return is_built (choice->value, NULL);
  if (choice == &output_choices[1] && strcmp (usual_moving_task (eqs_answers_get (answers, DOMAIN)), "classification") == 0)
    return FALSE;               /* nothing is built for these samples whose answer moves along */
  if (choice >= task_choices && choice < task_choices + G_N_ELEMENTS (task_choices) && !is_built (eqs_answers_get (answers, DOMAIN), choice->value))
    return FALSE;
  return choice->domains == NULL || is_in (choice->domains, eqs_answers_get (answers, DOMAIN));
}

static const EqsChoice *
find_choice (guint question, const char *value)
{
  for (const EqsChoice *choice = eqs_question_texts[question].choices; choice->value != NULL; choice++)
    if (strcmp (choice->value, value) == 0)
      return choice;
  return NULL;
}

const char *
eqs_question_words (const char *text, const char *domain)
{
  static const struct { const char *turned, *ordered; } words[] = {
    { N_("How may your data be turned or mirrored without changing its meaning?"), N_("How may your data be rearranged without changing its meaning?") },
    { N_("When the input turns, should the answer stay or turn with it?"), N_("When items change places, should the answer stay or change places with them?") },
    { N_("The answer turns along"), N_("The answers change places along") },
    { N_("an arrow, a mask, a pose"), N_("one answer for each item") },
  };

  for (guint i = 0; text != NULL && domain != NULL && is_in ("set|graph", domain) && i < G_N_ELEMENTS (words); i++)
    if (strcmp (words[i].turned, text) == 0)
      return _(words[i].ordered);
  return text == NULL ? NULL : _(text);
}

const char *
eqs_answer_title (const char *value, const char *domain)
{
  static const guint asked[] = { DOMAIN, TASK, OUTPUT };

  for (guint i = 0; value != NULL && i < G_N_ELEMENTS (asked); i++)
    if (find_choice (asked[i], value) != NULL)
      return eqs_question_words (find_choice (asked[i], value)->title, domain);
  return value;
}

void
eqs_answers_set (EqsAnswers *self, guint question, const char *value)
{
  const EqsChoice *choice = value == NULL ? NULL : find_choice (question, value);

  self->given[question] = choice == NULL ? NULL : choice->value;
  self->unsure[question] = FALSE;
  for (guint i = 0; i < EQS_N_QUESTIONS; i++)
    if (self->given[i] != NULL && !eqs_choice_is_offered (find_choice (i, self->given[i]), self))
      self->given[i] = NULL;
}

void
eqs_answers_set_data (EqsAnswers *self, const char *domain, const char *task)
{
  const EqsChoice *sample = domain == NULL ? NULL : find_choice (DOMAIN, domain), *told = task == NULL ? NULL : find_choice (TASK, task);

  if (sample == NULL || !eqs_choice_is_offered (sample, self))
    return;
  eqs_answers_set (self, DOMAIN, domain);
  if (told != NULL && eqs_choice_is_offered (told, self))
    eqs_answers_set (self, TASK, task);
}

guint
eqs_answers_count (const EqsAnswers *self)
{
  guint n = 0;

  for (guint i = 0; i < EQS_N_QUESTIONS; i++)
    n += self->given[i] != NULL;
  return n;
}

char *
eqs_answers_dup_group (const EqsAnswers *self)
{
  const char *id = eqs_answers_get (self, GROUP), *changes = eqs_answers_get (self, CHANGES);
  const gboolean flat = strcmp (eqs_answers_get (self, DOMAIN), "image") == 0;
  gboolean    mirrors = id[0] == 'D' || strcmp (id, "O2") == 0 || strcmp (id, "O3") == 0, turns = strcmp (id, "triv") != 0;

  if (strcmp (eqs_answers_get (self, RULES), "mirror-equal") == 0)
    mirrors = TRUE;
  if (strcmp (changes, "not-mirrors") == 0)
    mirrors = FALSE;
  if (strcmp (changes, "not-turns") == 0)
    turns = FALSE;
  if (flat && strcmp (eqs_answers_get (self, FRAME), "up") == 0)
    return g_strdup (mirrors ? "D1@axis=90" : "triv");
  if (flat && !turns)
    return g_strdup (mirrors ? "D1@axis=90" : "triv");
  if (strcmp (id, "SO3") == 0 || strcmp (id, "O3") == 0)
    {
      const gboolean moved = strcmp (eqs_answers_get (self, DOMAIN), "sphere") != 0 && strcmp (eqs_answers_get (self, FRAME), "origin") != 0;

      return g_strdup (moved ? mirrors ? "E3" : "SE3" : mirrors ? "O3" : "SO3");
    }
  if (strcmp (id, "SO2") == 0 || strcmp (id, "O2") == 0)
    return g_strdup (mirrors ? "O2" : "SO2");
  if (flat)
    return g_strdup_printf ("%c%s", mirrors ? 'D' : 'C', id + 1);
  return g_strdup (id);
}

/* ---- asking ---- */

/* "q1": "C4", with what was not said left out; "not sure" is said. */
static gboolean
keep_answers (const EqsAnswers *self, EqsDocument *design, GError **error)
{
  EqsMap              *map = eqs_map_new ();
  g_autoptr (EqsValue) value = NULL;

  for (guint i = 0; i < EQS_N_QUESTIONS; i++)
    {
      g_autofree char *key = g_strdup_printf ("q%u", i + 1);

      if (self->given[i] != NULL || self->unsure[i])
        eqs_map_set (map, key, eqs_value_new_string (self->unsure[i] ? "not sure" : self->given[i]));
    }
  value = eqs_value_new_object (map);
  return eqs_document_set_entry (design, EQS_SECTION_SPEC, "questionnaire", value, error);
}

static gboolean
has_errors (EqsDocument *design)
{
  g_autoptr (EqsCheck) check = eqs_check_new (design, NULL);

  for (guint i = 0; check != NULL && i < check->problems->len; i++)
    if (((const EqsProblem *) g_ptr_array_index (check->problems, i))->severity == EQK_SEVERITY_ERROR)
      return TRUE;
  return check == NULL;
}

/* Data for a start: those of the template, where the design fits them as it is or with their sizes. */
static void
bind_demo_data (EqsCandidate *candidate)
{
  const char            *name = eqs_template_get_text (candidate->design, "data");
  g_autoptr (EqsDataset)  dataset = name == NULL ? NULL : eqs_dataset_open (name, NULL);
  g_autoptr (EqsDocument) trial = dataset == NULL ? NULL : eqs_document_dup (candidate->design);
  g_autoptr (GPtrArray)   changes = NULL;

  if (trial != NULL && eqs_bind (trial, dataset, NULL, &changes, NULL) && !has_errors (trial))
    g_set_object (&candidate->design, trial);
}

/* What the template's notes say of its own group is not said of another one. */
static void
drop_notes (EqsDocument *design)
{
  const char             *id = eqs_template_get_text (design, "id");
  g_autoptr (EqsDocument) template = id == NULL ? NULL : eqs_template_new (id, NULL);

  if (template == NULL || strcmp (eqs_document_get_group (template), eqs_document_get_group (design)) == 0)
    return;
  while (eqs_document_get_n_items (design, EQS_ITEM_NOTE) > 0)
    {
      g_autofree char *note = g_strdup (eqs_map_get_string (eqs_document_get_item (design, EQS_ITEM_NOTE, 0), "id", ""));

      if (!eqs_document_remove_item (design, EQS_ITEM_NOTE, note, NULL))
        return;
    }
}

EqsAnswer *
eqs_answers_ask (const EqsAnswers *self, GError **error)
{
  g_autofree char    *group = eqs_answers_dup_group (self);
  const char         *limit = eqs_answers_get (self, LIMITS);
  const EqsQuestion   question = {
    .domain = eqs_answers_get (self, DOMAIN), .task = eqs_answers_get (self, TASK), .group = group,
    .output = self->given[COLUMN] == NULL ? eqs_answers_get (self, OUTPUT) : strcmp (self->given[COLUMN], "stays") == 0 ? "invariant" : "equivariant",
    .relations = is_in ("set|graph", eqs_answers_get (self, DOMAIN)) && strcmp (eqs_answers_get (self, RULES), "none") != 0 ? eqs_answers_get (self, RULES) : NULL,
    .max_parameters = strcmp (limit, "none") == 0 ? 0 : g_ascii_strtoll (limit, NULL, 10) };
  g_autoptr (EqsAnswer) answer = eqs_guide (&question, error);

  if (answer == NULL || answer->chosen == NULL)
    return g_steal_pointer (&answer);
  drop_notes (answer->chosen->design);
  bind_demo_data (answer->chosen);
  if (strcmp (eqs_answers_get (self, FRAME), "origin") == 0 && !eqs_document_set_symmetry (answer->chosen->design, eqs_document_get_group (answer->chosen->design), FALSE, NULL, error))
    return NULL;
  if (!keep_answers (self, answer->chosen->design, error))
    return NULL;
  return g_steal_pointer (&answer);
}
