#pragma once

/* The topics of the help, in the order they are listed. Texts are markup for labels; N_(). */

typedef struct
{
  const char *id, *title;
  const char *paragraphs[12];     /* ends with NULL */
} EqsHelpTopic;

extern const EqsHelpTopic eqs_help_topics[];   /* ends with id NULL */
