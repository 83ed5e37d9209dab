package nn.train;

/**
 * What an epoch came to.
 *
 * @param epoch from 1
 * @param trainLoss mean over the epoch's steps, each taken before its update
 * @param trainAccuracy share of the epoch's training examples classified right, each before its
 *     step's update
 * @param testAccuracy share of test examples classified right after the epoch; NaN without test
 *     data
 * @param seconds spent on the epoch's steps, evaluation not counted
 * @param samplesPerSecond training examples by those seconds
 */
public record EpochResult(
    int epoch,
    double trainLoss,
    double trainAccuracy,
    double testAccuracy,
    double seconds,
    double samplesPerSecond) {}
