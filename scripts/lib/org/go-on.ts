/** How a command is taken up again that broke off at an org. Which one it was is not known here. */
export const GO_ON = 'Go on with a deploy: npm run deploy -- --resume; run any other command again.';
