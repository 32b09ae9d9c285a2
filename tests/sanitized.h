#pragma once

/* Under a sanitizer a test looks for bad memory, not for laws: where a law takes hundreds of rounds, a few are enough there. */
#if defined (__SANITIZE_ADDRESS__) || defined (__SANITIZE_THREAD__)
# define SANITIZED 1
#else
# define SANITIZED 0
#endif
