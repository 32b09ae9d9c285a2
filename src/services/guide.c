/*
 * The recommender. Families of the domain are taken from the table, matched with the group, scaled to it and to the limits, and
 * scored. A design is a template whose group is set, whose widths are multiplied by √(|G₀|/|G|), which keeps the cost, and,
 * where the group has angles between the quarter turns, whose poolings are blurred; it is taken only with zero problems.
 */

#include "services/guide.h"

#include "model/compile.h"
#include "model/widths.h"
#include "services/guide-families.h"
#include "services/template.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

const double eqs_guide_weights[5] = { 0.30, 0.25, 0.20, 0.15, 0.10 };

#define DEFAULT_BUDGET_MFLOP 200.0
#define OTHER_RELATIONS      0.2     /* as a group that loses a distinction that is needed, or makes one that is not */
#define SMOOTH_SIZE          29      /* odd, and centred after two strides of 2: 29, 15, 8 */

static void
candidate_free (gpointer data)
{
  EqsCandidate *self = data;

  g_free (self->title);
  g_free (self->rejected);
  g_free (self->prefer_when);
  g_ptr_array_unref (self->reasons);
  g_clear_object (&self->design);
  g_free (self);
}

void
eqs_answer_free (EqsAnswer *self)
{
  g_ptr_array_unref (self->candidates);
  g_free (self->note);
  g_free (self);
}

static gboolean
is_in (const char *list, const char *word)
{
  g_auto (GStrv) words = g_strsplit (list, "|", -1);

  return g_strv_contains ((const char *const *) words, word);
}

static void G_GNUC_PRINTF (2, 3)
reason (EqsCandidate *candidate, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (candidate->reasons, g_strdup_vprintf (format, args));
  va_end (args);
}

/* ---- the question ---- */

typedef struct
{
  const EqsQuestion *question;
  EqkSymmetry        symmetry;
  EqsNative          native;       /* kind of the group asked for */
} Asked;

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, message);
  return FALSE;
}

static EqsNative
native_of (const EqkSymmetry *symmetry)
{
  const EqkGroup *group = symmetry->group;

  if (eqk_group_get_space_dim (group) == 3)
    return symmetry->translations ? EQS_NATIVE_SPACE : EQS_NATIVE_SPHERE;
  if (eqk_group_get_order (group) == 1 && symmetry->permutations != EQK_PERMUTE_NONE)
    return EQS_NATIVE_PERMUTE;
  if (!eqk_group_is_finite (group))
    return EQS_NATIVE_PLANE;
  return eqk_group_get_n (group) <= 2 || eqk_group_get_n (group) == 4 ? EQS_NATIVE_GRID : EQS_NATIVE_FINITE;
}

static gboolean
check_words (const EqsQuestion *q, GError **error)
{
  static const char *const equivariant[] = { "segmentation", "forces", "pose", "generation", "dynamics", "node", NULL };
  g_autofree char *message = NULL;

  if (!is_in ("image|sphere|points|molecule|set|graph", q->domain))
    message = g_strdup_printf (_("There is no domain “%s”: image, sphere, points, molecule, set or graph."), q->domain);
  else if (!is_in ("classification|regression|segmentation|forces|pose|generation|dynamics|node", q->task))
    message = g_strdup_printf (_("There is no task “%s”: classification, regression, segmentation, forces, pose, generation, dynamics or node."), q->task);
  else if (!is_in ("invariant|equivariant", q->output))
    message = g_strdup_printf (_("The output is invariant or equivariant, not “%s”."), q->output);
  else if (strcmp (q->task, "classification") == 0 && strcmp (q->output, "equivariant") == 0)
    message = g_strdup (_("A class is a name and has no direction that could turn: say that the output is invariant."));
  else if (strcmp (q->task, "regression") == 0 && strcmp (q->output, "equivariant") == 0)
    message = g_strdup (_("Regression here means plain numbers, which do not turn; for arrows that turn along the task is pose, forces or generation."));
  else if (q->relations != NULL && !is_in (strcmp (q->domain, "set") == 0 ? "alone|interacting" : strcmp (q->domain, "graph") == 0 ? "links|edge-features|patterns" : "", q->relations))
    message = g_strdup_printf (_("There are no relations “%s” for the domain “%s”: sets have elements that stand alone or are interacting, graphs have links, edge-features or patterns."),
                               q->relations, q->domain);
  else if (g_strv_contains (equivariant, q->task) && strcmp (q->output, "invariant") == 0)
    message = g_strdup_printf (_("The answer of the task “%s” moves with the input: say that the output is equivariant."), q->task);
  return message == NULL || refuse (error, message);
}

static gboolean
read_question (Asked *asked, const EqsQuestion *q, GError **error)
{
  g_autoptr (EqsDocument) probe = eqs_document_new ();
  const gboolean          flat = strcmp (q->domain, "image") == 0, ball = strcmp (q->domain, "sphere") == 0;
  const gboolean          order = strcmp (q->domain, "set") == 0 || strcmp (q->domain, "graph") == 0;

  asked->question = q;
  if (!check_words (q, error) || !eqs_document_set_symmetry (probe, q->group, -1, NULL, error) || !eqs_compile_symmetry (probe, &asked->symmetry, error))
    return FALSE;
  asked->native = native_of (&asked->symmetry);
  if (flat && (asked->native & (EQS_NATIVE_GRID | EQS_NATIVE_FINITE | EQS_NATIVE_PLANE)) == 0)
    return refuse (error, _("Images lie in a plane; their groups are triv, C2 … C16, D1 … D16, SO2 and O2."));
  if (ball && asked->native != EQS_NATIVE_SPHERE)
    return refuse (error, _("A sphere is turned by SO3 or O3."));
  if (order && asked->native != EQS_NATIVE_PERMUTE)
    return refuse (error, _("Sets and graphs have no directions; their group is Sn."));
  if (!flat && !ball && !order && (asked->native & (EQS_NATIVE_SPHERE | EQS_NATIVE_SPACE)) == 0)
    return refuse (error, _("Points in space are moved by SO3, O3, SE3 or E3, molecules also by E3xSn."));
  if (strcmp (q->task, "pose") == 0 && !flat && !ball && !order && !eqk_group_is_connected (asked->symmetry.group))
    return refuse (error, _("A rotation has no mirror image of its own: ask for a pose with SO3 or SE3."));
  if (!flat && !ball && !order)
    asked->native = EQS_NATIVE_SPACE;
  return TRUE;
}

/* ---- scaling a template ---- */

/* Sampling between the quarter turns: strides by max pooling alias, blurred ones hardly do, and need odd sizes. */
static gboolean
smooth_poolings (EqsDocument *document, GError **error)
{
  EqsGraph             *graph = eqs_document_get_graph (document, NULL);
  g_autoptr (EqsValue)  size = eqs_value_new_number (SMOOTH_SIZE);
  g_autoptr (EqsMap)    stride = eqs_map_new ();
  gboolean              any = FALSE;

  eqs_map_set (stride, "stride", eqs_value_new_number (2));
  for (guint i = 0; i < eqs_graph_get_n_nodes (graph); i++)
    {
      const EqsNode *node = eqs_graph_get_node (graph, i);

      if (strcmp (eqs_node_get_layer (node), "maxpool_pw") != 0)
        continue;
      any = TRUE;
      if (!eqs_document_set_layer (document, eqs_node_get_id (node), "blur_pool", stride, error) ||
          !eqs_document_set_title (document, eqs_node_get_id (node), NULL, error))
        return FALSE;
    }
  for (guint i = 0; any && i < eqs_graph_get_n_nodes (graph); i++)
    {
      const EqsNode *node = eqs_graph_get_node (graph, i);

      if (eqs_node_get_param (node, "height") != NULL &&
          (!eqs_document_set_param (document, eqs_node_get_id (node), "height", size, error) || !eqs_document_set_param (document, eqs_node_get_id (node), "width", size, error)))
        return FALSE;
    }
  return TRUE;
}

/* Windows two pixels larger: finer steps need room for higher frequencies. */
static gboolean
widen_windows (EqsDocument *document, GError **error)
{
  EqsGraph *graph = eqs_document_get_graph (document, NULL);

  for (guint i = 0; i < eqs_graph_get_n_nodes (graph); i++)
    {
      const EqsNode        *node = eqs_graph_get_node (graph, i);
      const EqkLayerType   *layer = eqk_layer_find (eqs_node_get_layer (node));
      const EqsValue       *k = eqs_node_get_param (node, "k");
      g_autoptr (EqsValue)  wider = k == NULL ? NULL : eqs_value_new_number (eqs_value_get_number (k) + 2);

      if (wider != NULL && layer != NULL && (layer->flags & EQK_LAYER_LINEAR) != 0 &&
          !eqs_document_set_param (document, eqs_node_get_id (node), "k", wider, error))
        return FALSE;
    }
  return TRUE;
}

/* A head that can give either: numbers, or scores of classes. */
static gboolean
set_head (EqsDocument *document, const EqsNode *node, const EqkLayerType *layer, gboolean numbers, GError **error)
{
  g_autoptr (EqsValue) gives = eqs_value_new_string (numbers ? "numbers" : "scores"), out = eqs_value_new_number (numbers ? 1 : 2);
  const char          *id = eqs_node_get_id (node), *own = eqs_node_get_param (node, "gives") == NULL ? "scores" : eqs_value_get_string (eqs_node_get_param (node, "gives"));

  for (const EqkParam *p = layer->params; p != NULL && p->name != NULL; p++)
    if (strcmp (p->name, "gives") == 0 && strcmp (own, numbers ? "numbers" : "scores") != 0)
      return eqs_document_set_param (document, id, "gives", gives, error) && eqs_document_set_param (document, id, "out", out, error);
  return TRUE;
}

static gboolean
set_heads (EqsDocument *document, gboolean numbers, GError **error)
{
  EqsGraph *graph = eqs_document_get_graph (document, NULL);

  for (guint i = 0; i < eqs_graph_get_n_nodes (graph); i++)
    {
      const EqsNode      *node = eqs_graph_get_node (graph, i);
      const EqkLayerType *layer = eqk_layer_find (eqs_node_get_layer (node));

      if (layer != NULL && (layer->flags & EQK_LAYER_HEAD) != 0 && !set_head (document, node, layer, numbers, error))
        return FALSE;
    }
  return TRUE;
}

/* The head of a classifier gives classes; regression asks for one number. */
static gboolean
set_task (EqsDocument *document, const EqsQuestion *q, GError **error)
{
  g_autoptr (EqsValue) task = eqs_value_new_string (q->task), output = eqs_value_new_string (q->output), loss = eqs_value_new_string ("mse");
  EqsGraph            *graph = eqs_document_get_graph (document, NULL);
  g_autoptr (EqsMap)   params = eqs_map_new ();

  if (!eqs_document_set_entry (document, EQS_SECTION_SPEC, "task", task, error) || !eqs_document_set_entry (document, EQS_SECTION_SPEC, "output", output, error))
    return FALSE;
  if (is_in ("set|graph|points|molecule", q->domain) && is_in ("classification|regression", q->task))
    return set_heads (document, strcmp (q->task, "regression") == 0, error) &&
           (strcmp (q->task, "regression") != 0 || eqs_document_set_entry (document, EQS_SECTION_TRAINING, "loss", loss, error));
  if (strcmp (q->task, "regression") != 0)
    return TRUE;
  for (guint i = 0; i < eqs_graph_get_n_nodes (graph); i++)
    {
      const EqsNode      *node = eqs_graph_get_node (graph, i);
      const EqkLayerType *layer = eqk_layer_find (eqs_node_get_layer (node));

      if (layer != NULL && (layer->flags & EQK_LAYER_HEAD) != 0 &&
          (!eqs_document_set_layer (document, eqs_node_get_id (node), "regression_head", params, error) ||
           !eqs_document_set_title (document, eqs_node_get_id (node), NULL, error)))
        return FALSE;
    }
  return eqs_document_set_entry (document, EQS_SECTION_TRAINING, "loss", loss, error);
}

static gboolean
has_no_problems (const EqsCheck *check, char **first)
{
  for (guint i = 0; i < check->problems->len; i++)
    {
      const EqsProblem *problem = g_ptr_array_index (check->problems, i);

      if (problem->severity == EQK_SEVERITY_NOTE)
        continue;
      if (first != NULL)
        *first = g_strdup_printf ("%s%s%s (%s)", problem->node == NULL ? "" : problem->node, problem->node == NULL ? "" : ": ", problem->message, problem->code);
      return FALSE;
    }
  return TRUE;
}

/* The group a family takes where the one asked for is not its own: the finest steps built. */
static const EqkGroup *
group_for (const EqsFamily *family, const Asked *asked)
{
  if ((family->native & asked->native) != 0 || asked->native != EQS_NATIVE_PLANE)
    return asked->symmetry.group;
  return eqk_group_get (eqk_group_has_mirror (asked->symmetry.group) ? "D16" : "C16");
}

/* The template, with group, task and poolings set; widths come later. */
static EqsDocument *
make_base (const EqsFamilyForm *form, const Asked *asked, const EqkGroup *group, guint wider, GError **error)
{
  g_autoptr (EqsDocument) document = eqs_template_new (form->template, error);
  const int n = eqk_group_get_n (group);

  if (document == NULL || (asked->native != EQS_NATIVE_PERMUTE && !eqs_document_set_symmetry (document, eqk_group_get_id (group), 1, NULL, error)) || !set_task (document, asked->question, error))
    return NULL;
  if (n > 2 && n != 4 && !smooth_poolings (document, error))
    return NULL;
  for (guint i = 0; i < wider; i++)
    if (!widen_windows (document, error))
      return NULL;
  return g_steal_pointer (&document);
}

typedef struct { EqsDocument *document; EqsCheck *check; } Made;

static void
made_clear (Made *self)
{
  g_clear_object (&self->document);
  g_clear_pointer (&self->check, eqs_check_unref);
}

static gboolean
make_scaled (Made *made, EqsDocument *base, double factor, GError **error)
{
  made_clear (made);
  made->document = eqs_document_dup (base);
  if (fabs (factor - 1) > 1e-9 && !eqs_widths_scale (made->document, factor, error))
    return FALSE;
  made->check = eqs_check_new (made->document, error);
  return made->check != NULL;
}

/* By how much the widths have to shrink; 1 or more: within all limits. Costs grow with the square of the width. */
static double
slack (const EqsQuestion *q, const EqsCheck *check)
{
  double least = G_MAXDOUBLE;

  if (q->max_parameters > 0)
    least = MIN (least, sqrt ((double) q->max_parameters / MAX ((double) check->parameters, 1)));
  if (q->max_mflop > 0)
    least = MIN (least, sqrt (q->max_mflop / MAX (2e-6 * check->macs, 1e-9)));
  if (q->max_arena_bytes > 0)
    least = MIN (least, (double) q->max_arena_bytes / MAX ((double) check->arena_bytes, 1));
  return least;
}

/* The widest design within the limits. @param why (out) (transfer full) in plain words, on FALSE */
static gboolean
fit_limits (Made *made, EqsDocument *base, double factor, const EqsQuestion *q, char **why)
{
  g_autoptr (GError) error = NULL;

  for (int step = 0; step < 24; step++)
    {
      if (!make_scaled (made, base, factor, &error))
        {
          *why = g_strdup (error->message);
          return FALSE;
        }
      if (!has_no_problems (made->check, why))
        return FALSE;
      if (slack (q, made->check) >= 1)
        return TRUE;
      factor *= MIN (slack (q, made->check), 0.97);
    }
  *why = g_strdup_printf (_("Its narrowest form has %" PRId64 " parameters, %.1f MFLOP and an arena of %zu bytes, beyond the limits."),
                          made->check->parameters, 2e-6 * made->check->macs, made->check->arena_bytes);
  return FALSE;
}

static gboolean
is_vector_task (const EqsFamily *family)
{
  return strcmp (family->id, "r2conv-vector") == 0;
}

static void
build (EqsCandidate *candidate, const EqsFamily *family, const EqsFamilyForm *form, const Asked *asked)
{
  const EqkGroup  *group = group_for (family, asked);
  Made             made = { NULL, NULL };
  g_autofree char *why = NULL;
  gboolean         done = FALSE;

  if (is_vector_task (family) && eqk_group_get_n (group) < 3)
    {
      candidate->rejected = g_strdup (_("Arrows as one field need a group with at least three steps of rotation; take C4 or D4, of which half turns and mirrors are a part."));
      return;
    }
  for (guint wider = 0; wider < 5 && !done; wider++)
    {
      g_autoptr (GError)      error = NULL;
      g_autoptr (EqsDocument) base = make_base (form, asked, group, wider, &error);
      g_autoptr (EqsDocument) own = base == NULL ? NULL : eqs_template_new (form->template, NULL);
      EqkSymmetry             own_symmetry;
      const EqkGroup         *own_group = own == NULL ? NULL : asked->native == EQS_NATIVE_PERMUTE ? group : eqs_compile_symmetry (own, &own_symmetry, &error) ? own_symmetry.group : NULL;
      double                  factor = 1;

      g_clear_pointer (&why, g_free);
      if (own_group == NULL)
        {
          why = g_strdup (error == NULL ? "" : error->message);
          break;
        }
      if (eqk_group_is_finite (own_group) && eqk_group_is_finite (group))
        factor = sqrt ((double) eqk_group_get_order (own_group) / eqk_group_get_order (group));
      done = fit_limits (&made, base, factor, asked->question, &why);
    }
  if (done)
    {
      candidate->design = g_object_ref (made.document);
      candidate->mflop = 2e-6 * made.check->macs;
      candidate->mflop_computed = TRUE;
      reason (candidate, _("Scaled to %s: %" PRId64 " parameters, %.1f MMAC, arena %.1f KB."), asked->native == EQS_NATIVE_PERMUTE ? "Sₙ" : eqk_group_get_notation (group),
              made.check->parameters, 1e-6 * made.check->macs, 1e-3 * (double) made.check->arena_bytes);
    }
  else
    candidate->rejected = g_steal_pointer (&why);
  made_clear (&made);
}

/* ---- scores ---- */

static double
match_of (const EqsFamily *family, const Asked *asked, EqsCandidate *candidate)
{
  const unsigned finite = EQS_NATIVE_GRID | EQS_NATIVE_FINITE;
  const char    *notation = eqk_group_get_notation (asked->symmetry.group);

  if ((family->native & asked->native) != 0 && (asked->native & finite) != 0 && eqk_group_get_order (asked->symmetry.group) == 1)
    {
      reason (candidate, "%s", _("There is no symmetry to keep, so this is an ordinary network; what holds nearly is taught by augmentation."));
      return 1;
    }
  if ((family->native & asked->native) != 0)
    {
      reason (candidate, _("%s is native to this family."), asked->native == EQS_NATIVE_PERMUTE ? "Sₙ" : notation);
      return 1;
    }
  if (asked->native == EQS_NATIVE_PLANE && (family->native & EQS_NATIVE_FINITE) != 0)
    {
      reason (candidate, _("Sixteenth turns stand in for %s: exact for quarter turns, close for other angles."), notation);
      return 0.6;
    }
  if ((asked->native & finite) != 0 && (family->native & EQS_NATIVE_PLANE) != 0)
    {
      reason (candidate, _("Its group, all rotations, holds %s and more: it forbids what only quarter turns or steps would allow."), notation);
      return 0.7;
    }
  return 0;
}

static double
exactness_of (const EqsFamily *family, const Asked *asked)
{
  if (family->exactness > 0)
    return family->exactness;
  return asked->native == EQS_NATIVE_GRID ? 1 : 0.8;
}

static const EqsFamilyForm *
form_of (const EqsFamily *family, const char *task)
{
  for (const EqsFamilyForm *form = family->forms; form->task != NULL; form++)
    if (strcmp (form->task, task) == 0)
      return form;
  return NULL;
}

static EqsCandidate *
judge (const EqsFamily *family, const Asked *asked)
{
  const EqsQuestion   *q = asked->question;
  const EqsFamilyForm *form = form_of (family, q->task);
  const double         budget = q->max_mflop > 0 ? q->max_mflop : DEFAULT_BUDGET_MFLOP;
  EqsCandidate        *candidate = g_new0 (EqsCandidate, 1);

  candidate->id = family->id;
  candidate->rule = family->rule;
  candidate->title = g_strdup (_(family->title));
  candidate->library = family->library;
  candidate->topology = _(family->topology);
  candidate->reasons = g_ptr_array_new_with_free_func (g_free);
  candidate->prefer_when = g_strdup (_(family->prefer_when));
  candidate->mflop = family->usual_mflop > 0 ? family->usual_mflop : DEFAULT_BUDGET_MFLOP;
  reason (candidate, "%s", _(family->reason));
  candidate->match = match_of (family, asked, candidate);
  if (candidate->match > 0 && q->relations != NULL && family->relations != NULL && strcmp (family->relations, q->relations) != 0)
    {
      candidate->match = OTHER_RELATIONS;
      reason (candidate, _("It is rather for when %s."), candidate->prefer_when);
    }
  if (!is_in (family->tasks, q->task))
    {
      candidate->match = 0;
      candidate->rejected = g_strdup_printf (_("It has no form for the task “%s”."), q->task);
    }
  else if (candidate->match == 0)
    candidate->rejected = g_strdup_printf (_("Pixels are not mapped to pixels by %s."), eqk_group_get_notation (asked->symmetry.group));
  else if (form == NULL && family->forms[0].task != NULL)
    candidate->rejected = g_strdup_printf (_("It has no template for the task “%s”; its score is from what is usual for it."), q->task);
  else if (form == NULL)
    candidate->rejected = g_strdup (_("This family is not built yet in this version; its score is from what is usual for it."));
  else
    build (candidate, family, form, asked);
  candidate->expressiveness = family->expressiveness;
  candidate->efficiency = CLAMP (1 - log10 (candidate->mflop / budget) / 2, 0, 1);
  candidate->exactness = exactness_of (family, asked);
  candidate->support = family->support;
  if (candidate->match > 0)
    candidate->score = eqs_guide_weights[0] * candidate->match + eqs_guide_weights[1] * candidate->expressiveness + eqs_guide_weights[2] * candidate->efficiency +
                       eqs_guide_weights[3] * candidate->exactness + eqs_guide_weights[4] * candidate->support;
  return candidate;
}

static int
by_score (gconstpointer a, gconstpointer b)
{
  const EqsCandidate *p = *(EqsCandidate *const *) a, *q = *(EqsCandidate *const *) b;

  return p->score > q->score ? -1 : p->score < q->score;
}

/* Of two that score the same the list decides; scores that only read alike are told with more digits. */
static char *
dup_outscored (const EqsCandidate *better, const EqsCandidate *candidate)
{
  const double ahead = better->score - candidate->score;

  if (ahead < 1e-9)
    return g_strdup_printf (_("%s scores the same and stands before it in the list of families."), better->title);
  return g_strdup_printf (_("%s scores higher: %.*f against %.*f."), better->title, ahead < 0.01 ? 4 : 2, better->score, ahead < 0.01 ? 4 : 2, candidate->score);
}

/* The first that could be built; the others are told why they were not taken. */
static void
choose (EqsAnswer *answer)
{
  for (guint i = 0; i < answer->candidates->len; i++)
    {
      EqsCandidate *candidate = g_ptr_array_index (answer->candidates, i);

      if (answer->chosen == NULL && candidate->design != NULL)
        answer->chosen = candidate;
      else if (candidate->design != NULL)
        candidate->rejected = dup_outscored (answer->chosen, candidate);
    }
}

static void
note_answer (EqsAnswer *answer, const Asked *asked)
{
  const EqsQuestion  *q = asked->question;
  const EqsCandidate *best = answer->candidates->len == 0 ? NULL : g_ptr_array_index (answer->candidates, 0);

  if (best == NULL || best->score == 0)
    answer->note = g_strdup_printf (_("No family known here gives the task “%s” for the domain “%s”."), q->task, q->domain);
  else if (answer->chosen == NULL && best->rejected != NULL && form_of (eqs_family_find (best->id), q->task) != NULL)
    answer->note = g_strdup_printf (_("%s would fit, but: %s"), best->title, best->rejected);
  else if (answer->chosen == NULL)
    answer->note = g_strdup_printf (_("No design was made: the layers of %s for the domain “%s” are not built yet in this version. The ranking is what the guide would say."),
                                    best->title, q->domain);
  else if (asked->native == EQS_NATIVE_PLANE)
    answer->note = g_strdup_printf (_("The design has the group %s, a part of %s; families for all angles are not built yet in this version."),
                                    eqs_document_get_group (answer->chosen->design), eqk_group_get_notation (asked->symmetry.group));
  else if (answer->chosen != best)
    answer->note = g_strdup_printf (_("%s scores higher but cannot be built here: %s"), best->title, best->rejected == NULL ? "" : best->rejected);
}

static gboolean
note_limit (EqsDocument *design, const char *key, double limit, GError **error)
{
  g_autoptr (EqsValue) value = eqs_value_new_number (limit);

  return limit <= 0 || eqs_document_set_entry (design, EQS_SECTION_SPEC, key, value, error);
}

/* The design says what it was made for; limits where every check compares them with the counts. */
static gboolean
note_in_design (EqsAnswer *answer, const EqsQuestion *q, GError **error)
{
  EqsDocument         *design = answer->chosen == NULL ? NULL : answer->chosen->design;
  g_autoptr (EqsValue) family = design == NULL ? NULL : eqs_value_new_string (answer->chosen->id);

  return design == NULL ||
         (eqs_document_set_entry (design, EQS_SECTION_SPEC, "family", family, error) && note_limit (design, "max_parameters", (double) q->max_parameters, error) &&
          note_limit (design, "max_macs", floor (q->max_mflop * 5e5), error) && note_limit (design, "max_arena_bytes", (double) q->max_arena_bytes, error) &&
          eqs_document_set_name (design, answer->chosen->title, error));
}

EqsAnswer *
eqs_guide (const EqsQuestion *question, GError **error)
{
  g_autoptr (EqsAnswer) answer = NULL;
  Asked                 asked;
  const EqsFamily      *rows;
  guint                 n;

  if (!read_question (&asked, question, error))
    return NULL;
  answer = g_new0 (EqsAnswer, 1);
  answer->candidates = g_ptr_array_new_with_free_func (candidate_free);
  rows = eqs_families (&n);
  for (guint i = 0; i < n; i++)
    if (is_in (rows[i].domains, question->domain))
      g_ptr_array_add (answer->candidates, judge (&rows[i], &asked));
  g_ptr_array_sort (answer->candidates, by_score);
  choose (answer);
  note_answer (answer, &asked);
  if (!note_in_design (answer, question, error))
    return NULL;
  return g_steal_pointer (&answer);
}
