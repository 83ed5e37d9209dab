package nn.train;

/**
 * How far training has come.
 *
 * @param epoch from 1
 * @param epochs to train in all
 * @param step steps of this epoch done
 * @param steps steps of an epoch
 * @param loss mean over those steps
 * @param accuracy share of their examples classified right
 * @param samplesPerSecond training examples by seconds, in this epoch
 */
public record Progress(
    int epoch,
    int epochs,
    int step,
    int steps,
    double loss,
    double accuracy,
    double samplesPerSecond) {}
