/**
 * Sites that send visitors, by what they are. A list of our own: the well-known public one descends
 * from GPL data, which this project may not ship. `brands` are matched without their public suffix
 * (google.com, google.co.uk), `hosts` with all their subdomains.
 */
export type SiteGroup = 'search' | 'social' | 'video' | 'shopping' | 'email' | 'paid' | 'other'

const words = (text: string): string[] => text.trim().split(/\s+/)

export const brands: Readonly<Record<Exclude<SiteGroup, 'other'>, readonly string[]>> = {
  search: words(`
    google bing yahoo duckduckgo ecosia baidu yandex qwant startpage ixquick naver daum seznam sogou
    ask aol aolsearch coccoc mojeek swisscows metager kagi lycos dogpile excite webcrawler infospace
    rambler metacrawler zapmeta lilo presearch gibiru exalead alltheweb altavista search-results
    voila virgilio onet mywebsearch searchencrypt babylon dalesearch conduit avg searchlock
    incredimail dmoz so360 haosou shenma yippy yam biglobe nifty 1und1 searx brave petalsearch`),
  social: words(`
    facebook instagram threads twitter linkedin pinterest reddit tumblr tiktok snapchat bsky mastodon
    vk vkontakte odnoklassniki ok weibo wechat qzone douban quora medium xing whatsapp telegram
    messenger discord slack line kakao kakaotalk badoo viadeo myspace hi5 livejournal flickr lnk
    linktree linktr stackoverflow stackexchange ycombinator github gitlab producthunt mixi ameblo
    renren foursquare tagged skyrock taringa stumbleupon digg disqus workplace yammer glassdoor
    nextdoor gettr truthsocial clubhouse patreon substack goodreads meetup bebo netlog
    friendster orkut plurk gab minds deviantart behance dribbble`),
  video: words(`
    youtube youtube-nocookie vimeo dailymotion twitch netflix hulu disneyplus ted bilibili youku
    iqiyi wistia rumble odysee veoh niconico metacafe peertube crunchyroll primevideo`),
  shopping: words(`
    amazon ebay etsy aliexpress alibaba walmart shopify target idealo pricerunner mercadolibre
    mercadolivre rakuten allegro otto zalando cdiscount bol flipkart lazada shopee wish temu shein
    bestbuy wayfair homedepot overstock shopzilla bizrate pricegrabber kelkoo billiger geizhals
    guenstiger prisjakt pricespy skroutz ceneo twenga shopping nextag fnac taobao tmall jd coupang
    ozon wildberries emag hepsiburada trendyol newegg costco stripe`),
  email: words(`
    gmail outlook hotmail gmx deref-gmx deref-web deref-mail deref-1und1-02 fastmail protonmail
    proton zoho tutanota tuta mailbox posteo yopmail mailchimp`),
  paid: words(
    'doubleclick googlesyndication googleadservices adsensecustomsearchads adform adroll',
  ),
}

/** Where the group of a host differs from that of its brand, or the brand is too short a word. */
export const hosts: ReadonlyMap<string, SiteGroup> = new Map<string, SiteGroup>([
  ...groupHosts('search', 'meta.ua 360.cn so.com go.mail.ru suche.t-online.de suche.gmx.net suche.web.de tut.by search.ch'),
  ...groupHosts('social', 't.co x.com lnkd.in fb.me fb.com m.me redd.it pin.it wa.me t.me lnk.bio my.mail.ru'),
  ...groupHosts('video', 'youtu.be tv.naver.com v.qq.com video.yahoo.com video.google.com'),
  ...groupHosts('shopping', 'shopping.google.com shopping.yahoo.com shopping.naver.com a.co amzn.to ebay.us shop.app'),
  ...groupHosts('email', 'mail.google.com mail.yahoo.com mail.yahoo.net mail.live.com outlook.live.com outlook.office.com outlook.office365.com mail.aol.com mail.ru e.mail.ru mail.com web.de mail.qq.com mail.163.com mail.126.com mail.naver.com email.t-online.de rich-v01.bluewin.ch rich-v02.bluewin.ch'),
  ...groupHosts('paid', 'syndicatedsearch.goog'),
  ...groupHosts('other', 'accounts.google.com docs.google.com drive.google.com sites.google.com groups.google.com support.google.com developers.google.com calendar.google.com meet.google.com gemini.google.com maps.google.com checkout.stripe.com buy.stripe.com chatgpt.com chat.openai.com perplexity.ai claude.ai copilot.microsoft.com'),
]) // prettier-ignore

/** Short or other names that campaigns use as `utm_source`. */
export const sourceNames: ReadonlyMap<string, SiteGroup> = new Map<string, SiteGroup>([
  ['fb', 'social'],
  ['ig', 'social'],
  ['meta', 'social'],
  ['x', 'social'],
  ['li', 'social'],
  ['yt', 'video'],
  ['adwords', 'search'],
  ['google shopping', 'shopping'],
  ['hackernews', 'social'],
])

/** Apps that open links name themselves as `android-app://<package>`. */
export const androidApps: readonly (readonly [prefix: string, SiteGroup])[] = [
  ['com.google.android.gm', 'email'],
  ['com.microsoft.office.outlook', 'email'],
  ['com.yahoo.mobile.client.android.mail', 'email'],
  ['com.google.android.googlequicksearchbox', 'search'],
  ['com.google.android.youtube', 'video'],
  ['com.facebook', 'social'],
  ['com.instagram', 'social'],
  ['com.linkedin', 'social'],
  ['com.twitter', 'social'],
  ['com.reddit', 'social'],
  ['com.pinterest', 'social'],
  ['com.slack', 'social'],
  ['com.whatsapp', 'social'],
  ['org.telegram', 'social'],
]

function groupHosts(group: SiteGroup, text: string): [string, SiteGroup][] {
  return words(text).map((host) => [host, group])
}
