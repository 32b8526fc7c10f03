/** Where DigitalOcean has Spaces: its page on availability, of March 2026. */
export const spacesRegions = 'nyc3 ams3 sfo2 sfo3 sgp1 lon1 fra1 tor1 blr1 syd1 atl1'.split(' ')
