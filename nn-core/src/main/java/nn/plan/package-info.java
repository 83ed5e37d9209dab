/**
 * Plans: a training step is recorded once as a list of commands, rewritten to fewer and larger
 * ones, given a place in memory for each temporary, and then replayed.
 *
 * <p>A plan knows expressions and the backend's verbs, nothing of tensors or layers.
 */
@NullMarked
package nn.plan;

import org.jspecify.annotations.NullMarked;
